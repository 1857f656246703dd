#include "net/clock.h"

namespace vedette::net {

// On Linux both are CLOCK_MONOTONIC, with the same origin: an instant converts without an offset.
Instant monotonic_now() {
  return Instant(std::chrono::floor<Micros>(std::chrono::steady_clock::now().time_since_epoch()));
}

WallTime wall_now() { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }

std::chrono::steady_clock::time_point to_steady(Instant instant) {
  return std::chrono::steady_clock::time_point(instant.time_since_epoch());
}

}  // namespace vedette::net
