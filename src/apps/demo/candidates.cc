#include "apps/demo/candidates.h"

#include <fmt/format.h>

#include <algorithm>

#include "apps/demo/numbers.h"
#include "base/text.h"

namespace vedette::demo {
namespace {

// The text before `separator`, which is cut off together with it; nullopt where there is none.
std::optional<std::string_view> take_until(std::string_view& text, std::string_view separator) {
  const std::size_t end = text.find(separator);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view before = text.substr(0, end);
  text.remove_prefix(end + separator.size());
  return before;
}

// "priority 100, offset 4711"
bool parse_facts(std::string_view text, Candidate& candidate) {
  if (!take_until(text, "priority ")) return false;
  const auto priority = parse_integer<std::uint64_t>(take_until(text, ", offset ").value_or(""));
  const auto offset = parse_integer<std::uint64_t>(text);
  if (!priority || !offset) return false;
  candidate.priority = *priority;
  candidate.offset = *offset;
  return true;
}

bool parse_verdict(std::string_view verdict, std::string_view facts, Candidate& candidate) {
  if (verdict != "rejected") {
    candidate.chosen = verdict == "chosen";
    return (candidate.chosen || verdict == "not chosen") && parse_facts(facts, candidate);
  }
  candidate.rejection = take_until(facts, " (").value_or("");
  return facts.ends_with(')') && parse_facts(facts.substr(0, facts.size() - 1), candidate);
}

}  // namespace

std::optional<Candidate> parse_candidate(std::string_view sentence) {
  if (!sentence.starts_with("replica of ") || !take_until(sentence, ": ")) return std::nullopt;
  const auto address = take_until(sentence, " ");
  const auto verdict = take_until(sentence, ": ");
  if (!address || !verdict) return std::nullopt;
  Candidate candidate;
  candidate.server = address->substr(address->rfind(':') + 1);
  if (!parse_verdict(*verdict, sentence, candidate)) return std::nullopt;
  return candidate;
}

std::string explain_choice(const std::vector<Candidate>& candidates) {
  const Candidate* chosen = nullptr;
  const Candidate* second = nullptr;
  for (const Candidate& candidate : candidates) {
    if (candidate.chosen) {
      chosen = &candidate;
    } else if (candidate.rejection.empty() && (second == nullptr || std::pair(candidate.priority, ~candidate.offset) <
                                                                        std::pair(second->priority, ~second->offset))) {
      second = &candidate;
    }
  }
  if (chosen == nullptr) return "for reasons of its own";
  if (second == nullptr) return "it is the only one that is fit";
  if (chosen->priority < second->priority) return fmt::format("its priority is better than that of {}", second->server);
  if (chosen->priority == second->priority && chosen->offset > second->offset) {
    return fmt::format("{} more of the data than {}", counted(chosen->offset - second->offset, "byte"), second->server);
  }
  if (chosen->priority == second->priority && chosen->offset == second->offset) {
    return fmt::format("as good as {}, smaller run id", second->server);
  }
  return "another leader has promoted it already";
}

}  // namespace vedette::demo
