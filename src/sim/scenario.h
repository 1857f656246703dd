// A scenario: what happens in a simulated world, in words, and what must come of it. A file of them reads like a report
// of bugs; tests/fixtures/scenarios/README.md describes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "sim/world.h"

namespace vedette::sim {

// When a step is taken. Each waits for the one before.
struct At {
  Micros since_the_beginning;
};
struct After {
  Micros pause;
};
struct WhenSaid {
  std::string who;  // globs
  std::string text;
};
struct WhenMessage {
  std::uint64_t number;  // counted from the step before
};
using Trigger = std::variant<At, After, WhenSaid, WhenMessage>;

struct Step {
  Trigger trigger;
  std::vector<std::string> action;  // `that` in it is whoever pulled the trigger
  std::size_t line = 0;
};

// What must be true at the end.
struct SettledWithin {
  Micros bound;  // after the last step
};
struct PrimaryIs {
  std::string server;
  bool negated = false;
};
struct Said {
  std::string who;
  std::string text;
  std::size_t at_least = 1;
  std::size_t at_most = SIZE_MAX;
};
struct CountAtMost {
  enum class What : std::uint8_t { kElections, kFailovers, kLostWrites, kPauseInWrites };
  What what;
  std::int64_t limit;  // of writes, elections or microseconds
  bool exactly = false;
};
struct Expectation {
  std::variant<SettledWithin, PrimaryIs, Said, CountAtMost> content;
  std::size_t line = 0;
  std::string text;
};

struct Scenario {
  std::string title;
  std::string prose;
  WorldSettings world;
  std::vector<Step> steps;
  std::vector<Expectation> expectations;
};

// All scenarios of a file, with one for each value of their `for` lines. What is wrong is said with its line.
Result<std::vector<Scenario>> parse_scenarios(std::string_view text);

}  // namespace vedette::sim
