#include "conf/separate_state.h"

#include <string>
#include <utility>

#include "base/text.h"
#include "conf/merge.h"
#include "conf/parse.h"
#include "conf/render.h"

namespace vedette::conf {
namespace {

// Begins each line of the head that repeats one of the conf.
constexpr std::string_view kBaseMark = "#@ ";

std::string with_mark(std::string_view lines) {
  std::string marked;
  for (const std::string_view line : split(lines, '\n')) {
    if (line.empty() || line == kHeader) continue;
    marked += kBaseMark;
    marked += line;
    marked += '\n';
  }
  return marked;
}

// Lines without the mark become empty, so that problems have the right numbers.
std::string without_mark(std::string_view lines) {
  std::string text;
  for (const std::string_view line : split(lines, '\n')) {
    if (line.starts_with(kBaseMark)) text += line.substr(kBaseMark.size());
    text += '\n';
  }
  return text;
}

std::string head(const SentinelSettings& conf) {
  std::string text =
      "# The state of a Vedette sentinel, which writes this file whenever it changes: do not edit it while it runs.\n"
      "# Marked with @ is what the configuration file said at that time. What that file says differently at the next\n"
      "# start is newer, and holds; everything else holds as it is here.\n";
  text += with_mark(render({}, conf));
  text += '\n';
  text += kHeader;
  text += '\n';
  return text;
}

}  // namespace

std::variant<Document, std::vector<Problem>> with_separate_state(const Document& conf, std::string_view state_text) {
  auto state = parse_document(Sources{.file = {{}, std::string(state_text)}});
  if (auto* problems = std::get_if<std::vector<Problem>>(&state)) return std::move(*problems);
  auto base = parse_document(Sources{.file = {{}, without_mark(state_text)}});
  if (auto* problems = std::get_if<std::vector<Problem>>(&base)) return std::move(*problems);

  const SentinelSettings& of_conf = conf.configuration.sentinel;
  Merged merged =
      merge(std::get<Document>(base).configuration.sentinel, of_conf, std::get<Document>(state).configuration.sentinel);
  Document joined = conf;
  joined.form = std::make_shared<const Form>(Form{.text = head(of_conf), .has_header = true});
  joined.configuration.sentinel = std::move(merged.settings);
  for (const std::string& note : std::get<Document>(state).notes) joined.notes.push_back("In the state file: " + note);
  joined.notes.insert(joined.notes.end(), merged.notes.begin(), merged.notes.end());
  joined.must_be_saved = render(*joined.form, joined.configuration.sentinel) != state_text;
  return joined;
}

}  // namespace vedette::conf
