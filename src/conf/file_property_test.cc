// Properties of reading and writing, for any settings and any file around them.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/rng.h"
#include "base/text.h"
#include "base/words.h"
#include "conf/file.h"
#include "tests/support/conf_settings.h"
#include "tests/support/settings_gen.h"

namespace vedette::conf {
namespace {

using testing::in_any_order;
using testing::must_parse;
using testing::sentinel_settings;

const File& empty_file() {
  static const File file = must_parse("");
  return file;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (const std::string_view line : split(text, '\n')) lines.emplace_back(line);
  if (lines.back().empty()) lines.pop_back();
  return lines;
}

// Is the line one that no rewrite touches?
bool is_users(const std::string& line) {
  if (trim(line).starts_with(kCommentMark)) return false;
  const auto words = split_words(line);
  return !words || words->empty() || ((*words)[0] != "sentinel" && (*words)[0] != "user");
}

// The same line in another spelling.
std::string respelled(const std::string& line) {
  std::string text = *rc::gen::element<std::string>("", " ", "\t");
  const std::string mark(line.starts_with(kCommentMark) ? kCommentMark : std::string_view());
  text += mark;
  const std::vector<std::string> words = *split_words(line.substr(mark.size()));
  for (const std::string& word : words) {
    const bool may_be_plain = split_words(word) == std::vector{word};
    text += may_be_plain && *rc::gen::arbitrary<bool>() ? word : quote_word(word);
    text += *rc::gen::element<std::string>(" ", "\t", "  ");
  }
  return text;
}

std::vector<std::string> shuffled(std::vector<std::string> lines) {
  SplitMix64 rng(*rc::gen::arbitrary<std::uint64_t>());
  for (std::size_t i = 0; i < lines.size(); ++i) std::swap(lines[i], lines[i + rng.below(lines.size() - i)]);
  return lines;
}

// A file as a person may have left it that means `settings`: lines in any order and spelling, with others in between.
std::string untidy_file(const SentinelSettings& settings) {
  auto lines = shuffled(lines_of(empty_file().render(settings)));
  const auto others = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "", "  ", "# a comment", "\t# sentinel monitor evil 10.0.0.1 1 1", "# vedette: is ours", "port 7", "save 900 1"));
  for (const std::string& other : others) {
    const auto place = *rc::gen::inRange<std::size_t>(0, lines.size() + 1);
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(place), other);
  }
  const std::string line_end = *rc::gen::element<std::string>("\n", "\r\n");
  std::string text;
  for (const std::string& line : lines) text += (is_users(line) ? line : respelled(line)) + line_end;
  const bool cut = *rc::gen::arbitrary<bool>();
  return cut ? text.substr(0, text.size() - std::min(text.size(), line_end.size())) : text;
}

std::vector<std::string> users_lines(std::string_view text) {
  std::vector<std::string> lines;
  for (const std::string& line : lines_of(text)) {
    if (is_users(line) && !trim(line).empty() && trim(line) != kHeader) lines.emplace_back(trim(line));
  }
  return lines;
}

RC_GTEST_PROP(FileProperty, WhatIsWrittenIsRead, ()) {
  const SentinelSettings settings = *sentinel_settings();
  const std::string text = empty_file().render(settings);
  RC_ASSERT(must_parse(text).configuration().sentinel == settings);
}

RC_GTEST_PROP(FileProperty, WritingWhatAFileSaysChangesNothing, ()) {
  const SentinelSettings settings = *sentinel_settings();
  const std::string text = untidy_file(settings);
  const File file = must_parse(text);
  RC_ASSERT(in_any_order(file.configuration().sentinel) == in_any_order(settings));
  RC_ASSERT(file.render(settings) == text);
}

RC_GTEST_PROP(FileProperty, AnyFileCanBeMadeToSayAnything, ()) {
  const std::string text = untidy_file(*sentinel_settings());
  const SentinelSettings wanted = *sentinel_settings();
  const std::string written = must_parse(text).render(wanted);
  const File again = must_parse(written);
  RC_ASSERT(in_any_order(again.configuration().sentinel) == in_any_order(wanted));
  RC_ASSERT(again.render(wanted) == written);
  RC_ASSERT(users_lines(written) == users_lines(text));
}

RC_GTEST_PROP(FileProperty, AnyTextIsReadOrRefused, (const std::vector<std::string>& lines)) {
  std::string text;
  for (const std::string& line : lines) text += *rc::gen::element<std::string>("", "sentinel ", "port ") + line + "\n";
  const auto result = File::parse(text);
  if (const auto* file = std::get_if<File>(&result)) {
    RC_ASSERT(file->render(file->configuration().sentinel) == text);
  } else {
    RC_ASSERT(!std::get<std::vector<Problem>>(result).empty());
  }
}

}  // namespace
}  // namespace vedette::conf
