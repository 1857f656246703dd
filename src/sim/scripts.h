// The scripts that a simulated sentinel runs: they do nothing, and end well, badly or not at all.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "node/ports.h"
#include "sim/process.h"

namespace vedette::sim {

enum class ScriptHealth : std::uint8_t { kWell, kFailing, kHanging };

class Scripts final : public node::ScriptRunner {
 public:
  static constexpr Micros kShortestRun{1'000};
  static constexpr Micros kLongestRun{50'000};
  static constexpr int kStatusToRetry = 1;  // of a script that failed and may be run again
  static constexpr int kKilled = 9;         // the signal

  using Started = std::function<void(node::ScriptRun, std::int64_t pid)>;
  using Ended = std::function<void(node::ScriptRun, const node::ScriptEnd&)>;

  // The calls are made on the owner: when it goes on, or never.
  Scripts(Process& owner, SplitMix64 rng, Started started, Ended ended)
      : owner_(owner), rng_(rng), started_(std::move(started)), ended_(std::move(ended)) {}

  void set_health(ScriptHealth health) { health_ = health; }
  // The owner died, and its scripts with it.
  void forget() { running_.clear(); }

  node::ScriptRun start(const node::ScriptCommand& command) override;
  void kill(node::ScriptRun run) override;
  bool is_executable(const std::string&) const override { return true; }

 private:
  void end(node::ScriptRun run, const node::ScriptEnd& how);

  Process& owner_;
  SplitMix64 rng_;
  Started started_;
  Ended ended_;
  ScriptHealth health_ = ScriptHealth::kWell;
  std::set<node::ScriptRun> running_;
  std::uint64_t last_run_ = 0;
};

}  // namespace vedette::sim
