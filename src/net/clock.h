// The clocks of the operating system: the only place where a time is read.
#pragma once

#include <chrono>

#include "base/time.h"

namespace vedette::net {

// CLOCK_MONOTONIC, rounded down to the microsecond.
Instant monotonic_now();

WallTime wall_now();

// The same point of time, for timers.
std::chrono::steady_clock::time_point to_steady(Instant instant);

}  // namespace vedette::net
