#include "sim/evidence.h"

#include <gtest/gtest.h>

#include "sim/action.h"
#include "sim/world.h"

namespace vedette::sim {
namespace {

// Two groups, of which all have found each other.
class EvidenceOfAServer : public ::testing::Test {
 protected:
  EvidenceOfAServer() { pass(20s); }

  static WorldSettings neighbours() {
    WorldSettings settings;
    settings.neighbours = Neighbours::kOtherName;
    return settings;
  }
  void pass(Micros duration) {
    const Instant end = world.queue().now() + duration;
    while (world.queue().now() < end) {
      world.run_until(std::min(end, world.queue().now() + Evidence::kLookPeriod));
      evidence.look_at(world.groups(), world.queue().now());
    }
  }
  void act(const std::vector<std::string>& words) { EXPECT_TRUE(sim::act(world, words)); }
  bool is_clear() {
    return evidence.is_clear(*world.groups()[0].sentinels[0], *world.server_named("redis-1-1"), world.groups()[1],
                             world.queue().now());
  }

  World world{neighbours()};
  Evidence evidence{world.network()};
};

TEST_F(EvidenceOfAServer, IsItsPrimaryOrItsSentinelsThatKnowIt) {
  EXPECT_TRUE(is_clear());
  act({"stop", "sentinels-1"});
  pass(5s);
  EXPECT_TRUE(is_clear()) << "it follows one of its group";
  act({"kill", "redis-1-0"});
  pass(5s);
  EXPECT_FALSE(is_clear());
  act({"continue", "neighbour-0"});
  pass(3s);
  EXPECT_FALSE(is_clear()) << "there may not have been a hello yet";
  pass(2s);
  EXPECT_TRUE(is_clear());
}

TEST_F(EvidenceOfAServer, IsNothingToWhoCannotSeeIt) {
  act({"divide", "sentinel-0", "redis-1-1"});
  pass(1s);
  EXPECT_FALSE(is_clear());
  act({"join", "sentinel-0", "redis-1-1"});
  pass(5s);
  EXPECT_TRUE(is_clear());
  act({"busy", "redis-1-1", "10s"});
  pass(1s);
  EXPECT_FALSE(is_clear()) << "it tells nobody anything";
}

TEST_F(EvidenceOfAServer, IsGatheredAnewInEachOfItsLives) {
  act({"kill", "redis-1-1"});
  act({"start", "redis-1-1"});
  evidence.forget(*world.server_named("redis-1-1"));
  pass(3s);
  EXPECT_FALSE(is_clear());
  pass(3s);
  EXPECT_TRUE(is_clear());
}

}  // namespace
}  // namespace vedette::sim
