#include "node/state_file.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/sentinel_state.h"

namespace vedette::node {
namespace {

const Address kOldPrimary{"10.0.0.1", 6379};
const Address kPromoted{"10.0.0.2", 6379};
const RunId kSelf{std::string(40, 'a')};
const RunId kOther{std::string(40, 'b')};

conf::SentinelSettings settings() {
  conf::SentinelSettings settings;
  settings.my_id = kSelf;
  settings.current_epoch = Epoch{7};
  conf::MonitoredPrimary& primary = settings.primaries.emplace_back();
  primary.name = "mymaster";
  primary.address = kOldPrimary;
  primary.quorum = 3;
  primary.config_epoch = Epoch{5};
  primary.leader_epoch = Epoch{6};
  primary.replicas = {{kPromoted}};
  primary.sentinels = {{{"10.0.0.12", 26379}, kOther}};
  return settings;
}

core::State state_after_start(const conf::SentinelSettings& from) {
  SplitMix64 rng(1);
  const core::Core core(knowledge_from(from, RunId{}), rng, Instant{});
  return core.state();
}

TEST(StateFile, WhatIsReadIsWhatIsWritten) {
  const auto read = settings();
  EXPECT_EQ(settings_with(read, state_after_start(read)), read);
}

TEST(StateFile, ANewIdIsTakenAndSavedWhereThereIsNone) {
  conf::SentinelSettings fresh;
  EXPECT_TRUE(knowledge_from(fresh, kSelf).must_be_saved);
  EXPECT_EQ(knowledge_from(fresh, kSelf).my_id, kSelf);
  EXPECT_FALSE(knowledge_from(settings(), kOther).must_be_saved);
  EXPECT_EQ(knowledge_from(settings(), kOther).my_id, kSelf);
}

// A file of the original may have a configuration newer than its current epoch; epochs do not go back.
TEST(StateFile, TheCurrentEpochIsNoOlderThanAnyOther) {
  auto read = settings();
  read.current_epoch = Epoch{2};
  EXPECT_EQ(state_after_start(read).current_epoch, Epoch{6});
  read.primaries.at(0).config_epoch = Epoch{9};
  EXPECT_EQ(state_after_start(read).current_epoch, Epoch{9});
}

// A crash while the replicas are reconfigured must come back to the new primary, with the old one as a replica of it.
TEST(StateFile, DuringReconfigurationThePromotedOneIsThePrimary) {
  const auto read = settings();
  core::State state = state_after_start(read);
  core::Primary& primary = state.primaries.at("mymaster");
  primary.config_epoch = Epoch{8};
  core::Failover failover;
  failover.state = core::ReconfigureReplicas{primary.replicas.at(kPromoted).server.id, kPromoted};
  primary.failover = failover;

  const auto written = settings_with(read, state).primaries.at(0);
  EXPECT_EQ(written.address, kPromoted);
  EXPECT_EQ(written.config_epoch, Epoch{8});
  EXPECT_EQ(written.replicas, std::vector<conf::KnownReplica>{{kOldPrimary}});
}

TEST(StateFile, KeepsTheEpochOfTheLastVote) {
  const auto read = settings();
  core::State state = state_after_start(read);
  state.primaries.at("mymaster").my_vote = {kOther, Epoch{9}};
  EXPECT_EQ(settings_with(read, state).primaries.at(0).leader_epoch, Epoch{9});
}

TEST(StateFile, KeepsNamesOnlyWhereTheyCanBeReadAgain) {
  auto read = settings();
  read.resolve_hostnames = true;
  read.primaries.at(0).address.host = "db1.example";
  core::State state = state_after_start(read);
  state.names.lead("db1.example", "10.0.0.77");
  EXPECT_EQ(settings_with(read, state).primaries.at(0).address.host, "db1.example");
  state.names.naming.resolve = false;  // SENTINEL CONFIG SET
  EXPECT_EQ(settings_with(read, state).primaries.at(0).address.host, "10.0.0.77");
}

}  // namespace
}  // namespace vedette::node
