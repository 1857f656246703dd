// Plays a scenario, and judges what came of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/diagram.h"
#include "sim/scenario.h"
#include "sim/trace.h"

namespace vedette::sim {

// So long a step waits for what it is to follow.
inline constexpr Micros kStagePatience = std::chrono::minutes(10);

struct Verdict {
  bool passed = true;
  bool broken = false;   // an invariant
  bool settled = false;  // at the end
  std::string reason;    // why it has not passed
  std::uint64_t trace_hash = 0;
  std::vector<std::string> last_lines;
  Micros longest_pause{0};  // between two acknowledged writes of one writer, from the first step on
  std::uint64_t lost_writes = 0;
};

// An invariant that is broken is a failure, and so is an anomaly (see `Checker`) that nothing is expected of. What
// happens is added to `diagram`, if there is one.
Verdict play(const Scenario& scenario, const Trace::Show& show = nullptr, Diagram* diagram = nullptr);

}  // namespace vedette::sim
