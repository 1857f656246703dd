// Instants and durations.
//
// Everything below `net/` is told the time; nothing there reads a clock. An `Instant` is therefore a point on a
// monotonic clock that deliberately has no `now()`: only the ports (the operating system, or the simulator) can make
// one.
#pragma once

#include <chrono>
#include <cstdint>

namespace vedette {

using Micros = std::chrono::microseconds;
using Millis = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;

using namespace std::chrono_literals;

struct MonotonicClock {
  using rep = std::int64_t;
  using period = std::micro;
  using duration = Micros;
  using time_point = std::chrono::time_point<MonotonicClock>;
  static constexpr bool is_steady = true;
};

// Ages and deadlines are computed with this; it never jumps.
using Instant = MonotonicClock::time_point;

// Only ever shown to people, never decided upon.
using WallTime = std::chrono::sys_time<Millis>;

// Whole milliseconds of a duration, rounded down: the unit of the Sentinel protocol.
constexpr std::int64_t to_millis(Micros duration) { return std::chrono::duration_cast<Millis>(duration).count(); }

}  // namespace vedette
