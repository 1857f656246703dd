// Readers in a whole world: what they are told by sentinels, and what they notice of failures.
#include "sim/reader.h"

#include <gtest/gtest.h>

#include "sim/action.h"
#include "sim/world.h"

namespace vedette::sim {
namespace {

class Readers : public ::testing::TestWithParam<unsigned> {
 protected:
  static WorldSettings settings() {
    WorldSettings settings;
    settings.readers = 1;
    settings.stock = GetParam();
    return settings;
  }
  void pass(Micros duration) { world.run_until(world.queue().now() + duration); }
  ReadCount count() {
    world.count_writes(world.groups().front());
    return world.count_reads(world.groups().front());
  }
  void SetUp() override {
    pass(20s);
    count();
  }

  World world{settings()};
};

TEST_P(Readers, ReadWhatIsFreshWhileAllIsWell) {
  pass(10s);
  const ReadCount reads = count();
  EXPECT_GT(reads.done, 40U);
  EXPECT_EQ(reads.stale, 0U);
  EXPECT_EQ(reads.failed, 0U);
}

TEST_P(Readers, GoElsewhereWhenTheirReplicaDies) {
  ASSERT_TRUE(act(world, {"kill", "redis-0-1,redis-0-2"}).ok());
  pass(10s);
  const ReadCount reads = count();
  EXPECT_GT(reads.failed, 0U);
  EXPECT_GT(reads.done, 20U) << "from the primary, once the replicas are known to be down";
  EXPECT_EQ(reads.stale, 0U);
}

TEST_P(Readers, GetOldDataFromAReplicaThatHearsNothingOfItsPrimary) {
  ASSERT_TRUE(act(world, {"divide", "redis-0-0", "redis-0-1,redis-0-2"}).ok());
  pass(10s);
  const ReadCount reads = count();
  EXPECT_GT(reads.stale, 20U);
  EXPECT_LT(reads.stale, reads.done);
}

INSTANTIATE_TEST_SUITE_P(OfEitherKindOfSentinel, Readers, ::testing::Values(0U, 3U));

}  // namespace
}  // namespace vedette::sim
