#include "conf/directives.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "base/text.h"
#include "conf/suggestion.h"
#include "conf/values.h"

namespace vedette::conf {
namespace {

using Index = std::unordered_map<std::string_view, const Directive*>;

Index index_of(std::span<const Directive> directives) {
  Index index;
  for (const Directive& directive : directives) index.emplace(directive.name, &directive);
  return index;
}

Result<Subject> read_nothing(Draft&, Words) { return Subject{}; }

const Index& server_index() {
  static const std::vector<Directive> ignored = [] {
    std::vector<Directive> directives;
    for (const std::string_view name : data_server_directives()) {
      directives.push_back({name, "...", 0, kAnyNumber, read_nothing, Phase::kGlobal, /*is_ignored=*/true});
    }
    return directives;
  }();
  static const Index index = [] {
    Index both = index_of(server_directives());
    both.merge(index_of(ignored));
    return both;
  }();
  return index;
}

const Index& sentinel_index() {
  static const Index index = index_of(sentinel_directives());
  return index;
}

Error unknown_sentinel_directive(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Directive& directive : sentinel_directives()) names.push_back(directive.name);
  return Error{fmt::format("unknown directive {}{}", shown("sentinel " + std::string(name)),
                           did_you_mean(name, names, "sentinel "))};
}

// A word that lacks its `sentinel` in front is told so; so is a slip of any known name.
Error unknown_directive(std::string_view name) {
  if (sentinel_index().count(name) > 0) {
    return Error{fmt::format("unknown directive '{0}'; did you mean 'sentinel {0}'?", name)};
  }
  std::vector<std::string_view> names{"sentinel"};
  for (const Directive& directive : server_directives()) names.push_back(directive.name);
  const auto ignored = data_server_directives();
  names.insert(names.end(), ignored.begin(), ignored.end());
  return Error{fmt::format("unknown directive {}{}", shown(name), did_you_mean(name, names))};
}

// Why a line may have more words than its author meant.
std::string_view advice_on_excess(Words words) {
  const bool has_comment =
      std::any_of(words.begin(), words.end(), [](const auto& word) { return word.starts_with('#'); });
  return has_comment ? " (a comment needs a line of its own)" : " (a value with blanks in it needs quotes)";
}

Status check_arguments(const Directive& directive, Words words, std::string_view first_word) {
  const std::size_t arguments = words.size() - 1;
  if (arguments >= directive.min_arguments && arguments <= directive.max_arguments) return Ok{};
  return Error{fmt::format("expected '{}{} {}'{}", first_word, directive.name, directive.usage,
                           arguments > directive.max_arguments ? advice_on_excess(words) : "")};
}

}  // namespace

Result<KnownLine> recognize(Words line) {
  const std::string first = to_lower(line[0]);
  const bool is_sentinel = first == "sentinel";
  if (is_sentinel && line.size() == 1) return Error{"expected 'sentinel <directive> ...'"};
  const Words words = is_sentinel ? line.subspan(1) : line;
  const Index& index = is_sentinel ? sentinel_index() : server_index();
  const std::string name = to_lower(words[0]);
  const auto found = index.find(name);
  if (found == index.end()) return is_sentinel ? unknown_sentinel_directive(name) : unknown_directive(name);
  const Status arguments = check_arguments(*found->second, words, is_sentinel ? "sentinel " : "");
  if (!arguments) return arguments.error();
  return KnownLine{found->second, words};
}

Result<KnownLine> recognize_comment(Words words) {
  if (words.empty()) return Error{"it says nothing"};
  const auto directives = remembered_directives();
  const auto found = std::find_if(directives.begin(), directives.end(), [&](const Directive& directive) {
    return equals_ignoring_case(directive.name, words[0]);
  });
  if (found == directives.end()) return Error{shown(words[0]) + " is unknown here"};
  const Status arguments = check_arguments(*found, words, "");
  if (!arguments) return arguments.error();
  return KnownLine{&*found, words};
}

}  // namespace vedette::conf
