#include "sim/scenario.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <span>
#include <utility>

#include "base/text.h"
#include "base/words.h"
#include "sim/duration.h"

namespace vedette::sim {
namespace {

using Words = std::vector<std::string>;

constexpr std::size_t kMaxVariants = 1000;  // of one scenario

struct Line {
  std::string text;
  std::size_t number = 0;
};

// A scenario as it is written, before its `for` lines are applied.
struct Draft {
  std::string title;
  std::string prose;
  std::vector<std::pair<std::string, Words>> choices;  // `for NAME in VALUE...`
  std::vector<Line> lines;
};

Error at_line(std::size_t number, const std::string& what) { return Error{fmt::format("line {}: {}", number, what)}; }

// --- What is written in a line ---

Result<std::int64_t> number_in(const std::string& word) {
  const auto number = parse_integer<std::int64_t>(word);
  if (!number || *number < 0) return Error{fmt::format("'{}' is no number", escape_controls(word))};
  return *number;
}

bool read_naming(WorldSettings& world, std::string_view key, bool is_so) {
  if (key != "host-names" && key != "announced-names") return false;
  if (key == "announced-names") world.announced_names = is_so;
  world.host_names = is_so || (key == "announced-names" && world.host_names);
  return true;
}

// with KEY VALUE
Status read_setting(WorldSettings& world, const Words& words) {
  if (words.size() != 3) return Error{"expected 'with SETTING VALUE'"};
  const std::map<std::string_view, unsigned*> counts{{"sentinels", &world.sentinels},     {"stock", &world.stock},
                                                     {"primaries", &world.primaries},     {"replicas", &world.replicas},
                                                     {"old-servers", &world.old_servers}, {"quorum", &world.quorum},
                                                     {"readers", &world.readers}};
  const std::map<std::string_view, Millis*> durations{{"down-after", &world.down_after},
                                                      {"failover-timeout", &world.failover_timeout}};
  const std::string& key = words[1];
  if (const auto duration = durations.find(key); duration != durations.end()) {
    const auto given = parse_duration(words[2]);
    if (!given) return given.error();
    *duration->second = std::chrono::duration_cast<Millis>(*given);
    return Ok{};
  }
  if (key == "neighbours") {
    const auto neighbours = parse_neighbours(words[2]);
    if (!neighbours) return Error{"neighbours are of the 'same-name', the 'other-name' or 'none'"};
    world.neighbours = *neighbours;
    return Ok{};
  }
  if (read_naming(world, key, words[2] == "yes")) return Ok{};
  const auto number = number_in(words[2]);
  if (!number) return number.error();
  if (key == "seed") {
    world.seed = static_cast<std::uint64_t>(*number);
    return Ok{};
  }
  const auto count = counts.find(key);
  if (count == counts.end()) return Error{fmt::format("there is no setting '{}'", key)};
  if (*number > 100) return Error{fmt::format("{} is too much", *number)};
  *count->second = static_cast<unsigned>(*number);
  return Ok{};
}

// at TIME ACTION | after TIME ACTION | when WHO says TEXT ACTION | when message NUMBER ACTION
Result<Step> read_step(const Words& words) {
  Step step;
  std::size_t action = 2;
  if (words[0] == "when" && words.size() > 4 && words[2] == "says") {
    step.trigger = WhenSaid{words[1], words[3]};
    action = 4;
  } else if (words[0] == "when" && words.size() > 3 && words[1] == "message") {
    const auto number = number_in(words[2]);
    if (!number) return number.error();
    step.trigger = WhenMessage{static_cast<std::uint64_t>(*number)};
    action = 3;
  } else if (words[0] != "when" && words.size() > 2) {
    const auto time = parse_duration(words[1]);
    if (!time) return time.error();
    if (words[0] == "at") {
      step.trigger = At{*time};
    } else {
      step.trigger = After{*time};
    }
  } else {
    return Error{"expected 'at|after TIME ACTION', 'when WHO says TEXT ACTION' or 'when message NUMBER ACTION'"};
  }
  step.action.assign(words.begin() + static_cast<std::ptrdiff_t>(action), words.end());
  return step;
}

// expect [elections|failovers|lost-writes|pause] [at most] LIMIT
Result<CountAtMost> read_count(CountAtMost::What what, const Words& words) {
  CountAtMost count{what, 0, words.size() == 3};
  const bool is_bound = words.size() == 5 && words[2] == "at" && words[3] == "most";
  if (!count.exactly && !is_bound) return Error{fmt::format("expected 'expect {} [at most] LIMIT'", words[1])};
  if (what == CountAtMost::What::kPauseInWrites) {
    const auto duration = parse_duration(words.back());
    if (!duration) return duration.error();
    count.limit = duration->count();
    count.exactly = false;
    return count;
  }
  const auto limit = number_in(words.back());
  if (!limit) return limit.error();
  count.limit = *limit;
  return count;
}

// expect said WHO TEXT [COUNT times | at least COUNT times | at most COUNT times] | expect unsaid WHO TEXT
Result<Said> read_said(const Words& words) {
  if (words.size() < 4) return Error{"expected 'expect said|unsaid WHO TEXT'"};
  Said said{words[2], words[3]};
  if (words[1] == "unsaid") {
    said.at_least = said.at_most = 0;
    return said;
  }
  if (words.size() == 4) return said;
  const auto count = number_in(words[words.size() - 2]);
  if (!count || words.back() != "times") return Error{"expected a number of 'times' at the end"};
  const auto number = static_cast<std::size_t>(*count);
  if (words[4] == "at" && words[5] == "most") {
    said.at_least = 0;
    said.at_most = number;
  } else if (words[4] == "at" && words[5] == "least") {
    said.at_least = number;
  } else {
    said.at_least = said.at_most = number;
  }
  return said;
}

Result<Expectation> read_expectation(const Words& words) {
  static const std::map<std::string_view, CountAtMost::What> counts{{"elections", CountAtMost::What::kElections},
                                                                    {"failovers", CountAtMost::What::kFailovers},
                                                                    {"lost-writes", CountAtMost::What::kLostWrites},
                                                                    {"pause", CountAtMost::What::kPauseInWrites}};
  Expectation expectation;
  expectation.text = fmt::format("{}", fmt::join(words, " "));
  const std::string what = words.size() > 1 ? words[1] : "";
  if (what == "settled" && words.size() == 4 && words[2] == "within") {
    const auto bound = parse_duration(words[3]);
    if (!bound) return bound.error();
    expectation.content = SettledWithin{*bound};
  } else if (what == "primary" && (words.size() == 3 || (words.size() == 4 && words[2] == "not"))) {
    expectation.content = PrimaryIs{words.back(), words.size() == 4};
  } else if (what == "said" || what == "unsaid") {
    auto said = read_said(words);
    if (!said) return said.error();
    expectation.content = *std::move(said);
  } else if (const auto count = counts.find(what); count != counts.end()) {
    const auto read = read_count(count->second, words);
    if (!read) return read.error();
    expectation.content = *read;
  } else {
    return Error{fmt::format("there is no expectation '{}'", expectation.text)};
  }
  return expectation;
}

Status read_line(Scenario& scenario, const std::string& text, std::size_t number) {
  const auto words = split_words(text);
  if (!words) return Error{"unbalanced quotes"};
  if (words->empty()) return Ok{};
  const std::string& first = words->front();
  if (first == "with") return read_setting(scenario.world, *words);
  if (first == "expect") {
    auto expectation = read_expectation(*words);
    if (!expectation) return expectation.error();
    expectation->line = number;
    scenario.expectations.push_back(*std::move(expectation));
    return Ok{};
  }
  if (first != "at" && first != "after" && first != "when") {
    return Error{fmt::format("a line begins with for, with, at, after, when or expect, not with '{}'", first)};
  }
  auto step = read_step(*words);
  if (!step) return step.error();
  step->line = number;
  scenario.steps.push_back(*std::move(step));
  return Ok{};
}

// --- Variants ---

// "1..5" is five values.
Result<Words> values_of(std::span<const std::string> words) {
  Words values;
  for (const std::string& word : words) {
    const auto dots = word.find("..");
    if (dots == std::string::npos) {
      values.push_back(word);
      continue;
    }
    const auto first = parse_integer<unsigned>(word.substr(0, dots));
    const auto last = parse_integer<unsigned>(word.substr(dots + 2));
    if (!first || !last || *last < *first || *last - *first >= kMaxVariants) {
      return Error{fmt::format("'{}' is no range such as 1..20", word)};
    }
    for (unsigned value = *first; value <= *last; ++value) values.push_back(std::to_string(value));
  }
  return values;
}

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// The draft with each value of its first choice in turn.
std::vector<Draft> decide_first(const Draft& draft) {
  std::vector<Draft> decided;
  const auto& [name, values] = draft.choices.front();
  for (const std::string& value : values) {
    Draft one{fmt::format("{}, {} = {}", draft.title, name, value),
              draft.prose,
              {draft.choices.begin() + 1, draft.choices.end()},
              draft.lines};
    for (Line& line : one.lines) line.text = replace_all(line.text, "{" + name + "}", value);
    decided.push_back(std::move(one));
  }
  return decided;
}

Status finish(const Draft& draft, std::vector<Scenario>& scenarios) {
  if (!draft.choices.empty()) {
    for (const Draft& decided : decide_first(draft)) {
      if (Status done = finish(decided, scenarios); !done) return done;
    }
    return Ok{};
  }
  Scenario scenario{draft.title, draft.prose, {}, {}, {}};
  for (const Line& line : draft.lines) {
    if (const Status read = read_line(scenario, line.text, line.number); !read) {
      return at_line(line.number, read.error().message);
    }
  }
  if (scenario.expectations.empty()) return Error{fmt::format("'{}' expects nothing", draft.title)};
  scenarios.push_back(std::move(scenario));
  return Ok{};
}

Status add_choice(Draft& draft, const Line& line) {
  const auto words = split_words(line.text);
  if (!words || words->size() < 4 || (*words)[2] != "in")
    return at_line(line.number, "expected 'for NAME in VALUE...'");
  auto values = values_of(std::span(*words).subspan(3));
  if (!values) return at_line(line.number, values.error().message);
  draft.choices.emplace_back((*words)[1], *std::move(values));
  return Ok{};
}

}  // namespace

Result<std::vector<Scenario>> parse_scenarios(std::string_view text) {
  std::vector<Draft> drafts;
  std::size_t number = 0;
  for (const std::string_view raw : split(text, '\n')) {
    const Line line{std::string(trim(raw)), ++number};
    if (line.text.starts_with("=== ")) {
      drafts.push_back({line.text.substr(4), {}, {}, {}});
    } else if (drafts.empty() || line.text.empty()) {
      continue;  // what stands before the first is for people
    } else if (line.text.starts_with("#")) {
      drafts.back().prose += line.text + "\n";
    } else if (line.text.starts_with("for ")) {
      if (Status added = add_choice(drafts.back(), line); !added) return added.error();
    } else {
      drafts.back().lines.push_back(line);
    }
  }
  std::vector<Scenario> scenarios;
  for (const Draft& draft : drafts) {
    if (Status done = finish(draft, scenarios); !done) return done.error();
  }
  if (scenarios.empty()) return Error{"no scenario: the title of one is '=== ...'"};
  return scenarios;
}

}  // namespace vedette::sim
