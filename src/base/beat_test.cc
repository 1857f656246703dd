#include "base/beat.h"

#include <gtest/gtest.h>

namespace vedette {
namespace {

constexpr Instant kOnBeat{10s + 40ms};

TEST(Beat, IsTheLastOrTheNext) {
  EXPECT_EQ(last_beat(kOnBeat + 1us, 20ms), kOnBeat);
  EXPECT_EQ(last_beat(kOnBeat - 1us, 20ms), kOnBeat - 20ms);
  EXPECT_EQ(next_beat(kOnBeat + 1us, 20ms), kOnBeat + 20ms);
  EXPECT_EQ(next_beat(kOnBeat - 1us, 20ms), kOnBeat);
}

TEST(Beat, IsTheInstantItselfWhereThereIsOne) {
  EXPECT_EQ(last_beat(kOnBeat, 20ms), kOnBeat);
  EXPECT_EQ(next_beat(kOnBeat, 20ms), kOnBeat);
}

}  // namespace
}  // namespace vedette
