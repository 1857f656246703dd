// Instants that many deadlines share, the multiples of a period on our clock: one awakening serves all of them, which
// costs much less than as many awakenings.
#pragma once

#include "base/time.h"

namespace vedette {

// The one at `at`, or the last before.
constexpr Instant last_beat(Instant at, Micros beat) { return at - at.time_since_epoch() % beat; }

// The one at `at`, or the next after.
constexpr Instant next_beat(Instant at, Micros beat) {
  const Instant last = last_beat(at, beat);
  return last == at ? at : last + beat;
}

}  // namespace vedette
