#include "net/clock.h"

#include <gtest/gtest.h>

namespace vedette::net {
namespace {

TEST(Clock, NeverGoesBack) {
  const Instant first = monotonic_now();
  EXPECT_LE(first, monotonic_now());
}

// A timer set to an instant must not fire before it: the conversion is exact.
TEST(Clock, AnInstantIsTheSamePointOnTheSteadyClock) {
  const auto before = std::chrono::steady_clock::now();
  const Instant now = monotonic_now();
  const auto after = std::chrono::steady_clock::now();
  EXPECT_LT(before - to_steady(now), std::chrono::microseconds(1));
  EXPECT_LE(to_steady(now), after);
}

}  // namespace
}  // namespace vedette::net
