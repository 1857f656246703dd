#include "base/schedule.h"

#include <gtest/gtest.h>

namespace vedette {
namespace {

TEST(Schedule, GivesWhatIsDueInOrder) {
  Schedule<int> schedule;
  schedule.set(1, Instant{30ms});
  schedule.set(2, Instant{10ms});
  schedule.set(3, Instant{10ms});
  EXPECT_EQ(schedule.earliest(), Instant{10ms});
  EXPECT_EQ(schedule.take_due(Instant{9ms}), std::nullopt);
  EXPECT_EQ(schedule.take_due(Instant{20ms}), 2);
  EXPECT_EQ(schedule.take_due(Instant{20ms}), 3);
  EXPECT_EQ(schedule.take_due(Instant{20ms}), std::nullopt);
  EXPECT_EQ(schedule.take_due(Instant{30ms}), 1);
  EXPECT_EQ(schedule.earliest(), std::nullopt);
}

TEST(Schedule, KeepsOneDeadlineForEach) {
  Schedule<int> schedule;
  schedule.set(1, Instant{10ms});
  schedule.set(1, Instant{50ms});
  EXPECT_EQ(schedule.earliest(), Instant{50ms});
  schedule.set(1, std::nullopt);
  schedule.set(1, std::nullopt);
  EXPECT_EQ(schedule.earliest(), std::nullopt);
}

}  // namespace
}  // namespace vedette
