// How late our own turns come. Nobody is silent for that: while we did not run, what others said was not heard, and
// what they would have answered was not asked.
//
// Source of the rule: docs/FAILOVER.md, "Our own slowness".
#pragma once

#include <algorithm>

#include "base/time.h"

namespace vedette::core {

// So late is every busy process now and then.
inline constexpr Micros kHardlyLate = 5ms;

// Who is always late has to find the dead, too: none is excused for longer than this. It is twice as long as the stall
// that is answered by TILT.
inline constexpr Micros kLongestExcuse = 4s;

struct OwnPace {
  Instant heard_by{};  // by then all is heard again that may have been missed

  // A turn came, and it had been due for `late`. What came meanwhile waits to be read, and what had to be sent is sent
  // only now: both have as much time as we took ourselves.
  void note_turn(Instant now, Micros late) {
    if (late > kHardlyLate) heard_by = std::max(heard_by, now + late);
  }

  // When a silence counts that would count `at` this instant.
  Instant excused(Instant at) const { return std::max(at, std::min<Instant>(heard_by, at + kLongestExcuse)); }
};

}  // namespace vedette::core
