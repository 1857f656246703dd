#include "sim/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/action.h"

namespace vedette::sim {
namespace {

using ::testing::HasSubstr;

class Worlds : public ::testing::Test {
 protected:
  static WorldSettings with(Neighbours neighbours) {
    WorldSettings settings;
    settings.neighbours = neighbours;
    return settings;
  }
  static void pass(World& world, Micros duration) { world.run_until(world.queue().now() + duration); }
  static std::string problem_of(World& world, const std::vector<std::string>& words) {
    const Status done = act(world, words);
    return done ? "" : done.error().message;
  }
};

TEST_F(Worlds, OfNeighboursAreTwoGroupsWithSentinelsOfTheirOwn) {
  for (const Neighbours neighbours : {Neighbours::kSameName, Neighbours::kOtherName}) {
    World world(with(neighbours));
    pass(world, 20s);
    EXPECT_EQ(world.unsettled(), std::nullopt);
    ASSERT_EQ(world.groups().size(), 2U);
    EXPECT_EQ(world.groups()[1].name, neighbours == Neighbours::kSameName ? "group-0" : "group-1");
    EXPECT_EQ(world.groups()[1].sentinels.front()->name(), "neighbour-0");
    EXPECT_EQ(world.groups()[1].sentinels.front()->view(world.groups()[1].name)->sentinels, 2U);
  }
}

TEST_F(Worlds, ServersTellHowManyKeysTheyHave) {
  World world{WorldSettings{}};
  pass(world, 20s);
  const std::uint64_t keys = world.server_named("redis-0-0")->keys();
  EXPECT_GT(keys, 100U);
  EXPECT_EQ(world.server_named("redis-0-1")->keys(), keys);
  EXPECT_EQ(problem_of(world, {"kill", "redis-0-1,redis-0-2"}), "");
  EXPECT_EQ(problem_of(world, {"start", "redis-0-1", "foreign"}), "");
  EXPECT_EQ(problem_of(world, {"start", "redis-0-2", "empty"}), "");
  EXPECT_EQ(world.server_named("redis-0-1")->keys(), RedisServer::kForeignKeys);
  EXPECT_EQ(world.server_named("redis-0-2")->keys(), 0U);
}

TEST_F(Worlds, AServerHasItsDataFromAnAppendOnlyFileButAnotherHistory) {
  World world{WorldSettings{}};
  pass(world, 20s);
  RedisServer& server = *world.server_named("redis-0-1");
  const Place before = server.place();
  const std::uint64_t keys = server.keys();
  EXPECT_EQ(problem_of(world, {"kill", "servers"}), "");
  EXPECT_EQ(problem_of(world, {"start", "redis-0-1", "aof"}), "");
  EXPECT_EQ(server.keys(), keys);
  EXPECT_EQ(server.place().offset, 0U);
  EXPECT_NE(server.place().history, before.history);
  EXPECT_TRUE(world.histories().includes(server.place(), before));
}

TEST_F(Worlds, AServerTakesTheAddressOfADeadOne) {
  World world(with(Neighbours::kOtherName));
  pass(world, 20s);
  const std::string host = world.server_named("redis-0-1")->host();
  const std::string own = world.server_named("redis-1-2")->host();
  EXPECT_THAT(problem_of(world, {"start", "redis-1-2", "at", "redis-0-1"}), HasSubstr("redis-1-2 runs already"));
  EXPECT_EQ(problem_of(world, {"kill", "redis-1-2"}), "");
  EXPECT_THAT(problem_of(world, {"start", "redis-1-2", "at", "redis-0-1"}), HasSubstr("in use"));
  EXPECT_EQ(problem_of(world, {"kill", "redis-0-1"}), "");
  EXPECT_EQ(problem_of(world, {"start", "redis-1-2", "at", "redis-0-1"}), "");
  EXPECT_EQ(world.server_named("redis-1-2")->host(), host);
  EXPECT_EQ(problem_of(world, {"start", "redis-0-1"}), "");
  EXPECT_FALSE(world.server_named("redis-0-1")->alive()) << "its address is in use";
  pass(world, 1s);
  EXPECT_TRUE(world.server_named("redis-1-2")->synchronised()) << "it follows its primary from there";
  world.heal();
  EXPECT_EQ(world.server_named("redis-1-2")->host(), own);
  EXPECT_TRUE(world.server_named("redis-1-2")->alive());
  EXPECT_TRUE(world.server_named("redis-0-1")->alive());
  EXPECT_EQ(world.address_reuses(), 1U);
}

TEST_F(Worlds, OnlySentinelsAreJudgedForWhomTheyOrderToFollowWhom) {
  World world(with(Neighbours::kOtherName));
  pass(world, 20s);
  EXPECT_EQ(problem_of(world, {"order", "redis-1-1", "REPLICAOF", "10.2.0.1", "6379"}), "");
  pass(world, 1s);
  EXPECT_EQ(world.broken(), std::nullopt);
  EXPECT_EQ(world.trespasses().ambiguous_orders(), 0U);
}

}  // namespace
}  // namespace vedette::sim
