#include "core/footprint.h"

#include <gtest/gtest.h>

#include "tests/support/sentinel_state.h"

namespace vedette::core {
namespace {

class FootprintTest : public ::testing::Test {
 protected:
  Primary& primary() { return state.primaries.at("mymaster"); }

  State state = testing::healthy_state(Instant{100s});
};

TEST_F(FootprintTest, CountsInstancesOfEachKind) {
  const Footprint all = footprint_of(state);
  EXPECT_EQ(all.primaries.count, 1U);
  EXPECT_EQ(all.replicas.count, 2U);
  EXPECT_EQ(all.sentinels.count, 1U);
  EXPECT_EQ(all.peers.count, 1U);
  EXPECT_GE(all.primaries.bytes, sizeof(Primary));
  EXPECT_GE(all.replicas.bytes, 2 * sizeof(Replica));
  EXPECT_GE(all.sentinels.bytes, sizeof(Sentinel));
  EXPECT_GE(all.peers.bytes, sizeof(Peer));
  EXPECT_EQ(footprint_of(State{}).primaries.bytes, 0U);
}

TEST_F(FootprintTest, TakesTwiceTheRoomForTwice) {
  const Footprint one = footprint_of(state);
  Primary other = primary();
  other.name = "another1";
  state.primaries.emplace(other.name, other);
  const Footprint two = footprint_of(state);
  EXPECT_EQ(two.primaries.bytes, 2 * one.primaries.bytes);
  EXPECT_EQ(two.replicas.bytes, 2 * one.replicas.bytes);
  EXPECT_EQ(two.sentinels.bytes, 2 * one.sentinels.bytes);
  EXPECT_EQ(two.peers.bytes, one.peers.bytes);
}

// Whatever text grows is counted where it belongs.
TEST_F(FootprintTest, CountsEveryText) {
  const std::string text(1000, 'x');
  const auto grows = [&](MemoryUse Footprint::*kind, std::string& place) {
    const std::string before = std::exchange(place, std::string());
    const std::size_t least = (footprint_of(state).*kind).bytes;
    place = text;
    const std::size_t most = (footprint_of(state).*kind).bytes;
    place = before;
    return most - least >= text.size();
  };
  for (std::string* place :
       {&primary().settings.auth_pass, &primary().settings.auth_user, &primary().settings.notification_script,
        &primary().settings.client_reconfig_script, &primary().server.address.host, &primary().server.run_id.hex,
        &primary().server.info.run_id.hex, &primary().server.info.replication_id,
        &primary().server.info.replication_id_before, &primary().histories.present, &primary().histories.before,
        &primary().my_vote.leader.hex, &primary().published.address.host}) {
    EXPECT_TRUE(grows(&Footprint::primaries, *place));
  }
  Server& replica = primary().replicas.begin()->second.server;
  for (std::string* place : {&replica.address.host, &replica.info.primary->host, &replica.info.redis_version}) {
    EXPECT_TRUE(grows(&Footprint::replicas, *place));
  }
  Sentinel& sentinel = primary().sentinels.begin()->second;
  EXPECT_TRUE(grows(&Footprint::sentinels, sentinel.config_address.host));
  EXPECT_TRUE(grows(&Footprint::sentinels, sentinel.vote.leader.hex));
  EXPECT_TRUE(grows(&Footprint::peers, state.peers.begin()->second.address.host));
}

TEST_F(FootprintTest, CountsLists) {
  const std::size_t before = footprint_of(state).primaries.bytes;
  primary().server.info.replicas.resize(10);
  primary().settings.renamed_commands["CONFIG"] = std::string(100, 'x');
  primary().histories.earlier = {std::string(40, 'f')};
  EXPECT_GE(footprint_of(state).primaries.bytes, before + 10 * sizeof(Address) + 100 + 40);
}

}  // namespace
}  // namespace vedette::core
