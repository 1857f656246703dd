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

conf::SentinelSettings saved(const conf::SentinelSettings& read, const core::State& state) {
  const conf::Configuration configuration{{}, read};
  return settings_with(configuration, state, *users_from(configuration, ""));
}

TEST(StateFile, WhatIsReadIsWhatIsWritten) {
  const auto read = settings();
  EXPECT_EQ(saved(read, state_after_start(read)), read);
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

  const auto written = saved(read, state).primaries.at(0);
  EXPECT_EQ(written.address, kPromoted);
  EXPECT_EQ(written.config_epoch, Epoch{8});
  EXPECT_EQ(written.replicas, std::vector<conf::KnownReplica>{{kOldPrimary}});
}

// --- What is remembered of the data of the group --------------------------------------------------------------------

const std::string kPresent(40, '1');
const std::string kEarlier(40, '3');

TEST(StateFile, TellsTheCoreWhatIsRemembered) {
  auto read = settings();
  conf::MonitoredPrimary& primary = read.primaries.at(0);
  primary.histories = {kPresent, "", kEarlier};
  primary.known_servers = {{kOldPrimary, kSelf, 7, 8}, {kPromoted, {}, 5, std::nullopt}};
  primary.upstream = Address{"10.9.0.1", 6379};
  const core::KnownPrimary known = knowledge_from(read, kSelf).primaries.at(0);
  EXPECT_EQ(known.histories.present, kPresent);
  EXPECT_EQ(known.histories.before, "");
  EXPECT_EQ(known.histories.earlier, std::vector{kEarlier});
  EXPECT_EQ(known.upstream, primary.upstream);
  const std::vector<std::pair<Address, core::LastKnown>> expected{{kOldPrimary, {kSelf, 7, 8}},
                                                                  {kPromoted, {{}, 5, std::nullopt}}};
  EXPECT_EQ(known.last_known, expected);
}

TEST(StateFile, TheShortestListsOfHistoriesAreRead) {
  auto read = settings();
  EXPECT_EQ(knowledge_from(read, kSelf).primaries.at(0).histories.present, "");
  read.primaries.at(0).histories = {kPresent};
  EXPECT_EQ(knowledge_from(read, kSelf).primaries.at(0).histories.present, kPresent);
  EXPECT_EQ(knowledge_from(read, kSelf).primaries.at(0).histories.before, "");
}

core::State remembering_state() {
  core::State state = state_after_start(settings());
  core::Primary& primary = state.primaries.at("mymaster");
  primary.histories = {kPresent, "", {kEarlier}};
  primary.upstream = Address{"10.9.0.1", 6379};
  primary.server.last_known = core::LastKnown{kSelf, 7, 8};
  primary.replicas.at(kPromoted).server.last_known = core::LastKnown{{}, 5, std::nullopt};
  return state;
}

TEST(StateFile, KeepsWhatIsRemembered) {
  core::State state = remembering_state();
  const auto written = saved(settings(), state).primaries.at(0);
  EXPECT_EQ(written.histories, (std::vector{kPresent, std::string(), kEarlier}));
  EXPECT_EQ(written.upstream, (Address{"10.9.0.1", 6379}));
  const std::vector<conf::KnownServer> expected{{kOldPrimary, kSelf, 7, 8}, {kPromoted, {}, 5, std::nullopt}};
  EXPECT_EQ(written.known_servers, expected);

  state.primaries.at("mymaster").histories = {kPresent, "", {}};
  EXPECT_EQ(saved(settings(), state).primaries.at(0).histories, std::vector{kPresent});
}

// Each server has its own, whoever is the primary.
TEST(StateFile, DuringReconfigurationServersAreRememberedWhereTheyAre) {
  core::State state = remembering_state();
  core::Primary& primary = state.primaries.at("mymaster");
  core::Failover failover;
  failover.state = core::ReconfigureReplicas{primary.replicas.at(kPromoted).server.id, kPromoted};
  primary.failover = failover;
  const auto written = saved(settings(), state).primaries.at(0);
  EXPECT_EQ(written.address, kPromoted);
  const std::vector<conf::KnownServer> expected{{kOldPrimary, kSelf, 7, 8}, {kPromoted, {}, 5, std::nullopt}};
  EXPECT_EQ(written.known_servers, expected);
}

TEST(StateFile, KeepsTheEpochOfTheLastVote) {
  const auto read = settings();
  core::State state = state_after_start(read);
  state.primaries.at("mymaster").my_vote = {kOther, Epoch{9}};
  EXPECT_EQ(saved(read, state).primaries.at(0).leader_epoch, Epoch{9});
}

// --- Users ----------------------------------------------------------------------------------------------------------

const conf::SentinelSettings kWithAlice = [] {
  auto read = settings();
  read.users = {{"alice", "on", ">secret", "allchannels", "+@all"}};
  return read;
}();

TEST(StateFile, UsersWhoHaveNotChangedStayAsTheUserWroteThem) {
  EXPECT_EQ(saved(kWithAlice, state_after_start(kWithAlice)), kWithAlice);
}

TEST(StateFile, ChangedUsersAreWrittenWithTheHashesOfTheirPasswords) {
  const conf::Configuration configuration{{}, kWithAlice};
  auto users = *users_from(configuration, "");
  const std::vector<std::string> rules{"-@admin", "(~a*", "+ping)"};
  ASSERT_TRUE(users.set("alice", rules));
  const auto lines = settings_with(configuration, state_after_start(kWithAlice), users).users;
  const std::vector<std::vector<std::string>> wanted{
      {"alice", "on", "#2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b", "&*", "+@all", "-@admin",
       "(~a*", "resetchannels", "-@all", "+ping)"}};
  EXPECT_EQ(lines, wanted);
  auto changed = kWithAlice;
  changed.users = lines;
  EXPECT_EQ(*users_from({{}, changed}, "")->find("alice"), *users.find("alice"));
}

TEST(StateFile, UsersOfAnAclFileAreNotWrittenToTheConfiguration) {
  conf::Configuration configuration{{}, settings()};
  configuration.server.acl_file = "users.acl";
  const auto users = users_from(configuration, "user alice on nopass +@all\n");
  ASSERT_TRUE(users);
  EXPECT_NE(users->find("alice"), nullptr);
  EXPECT_TRUE(settings_with(configuration, state_after_start(configuration.sentinel), *users).users.empty());
  configuration.sentinel.users = {{"bob", "on"}};
  EXPECT_FALSE(users_from(configuration, ""));
}

TEST(StateFile, RequirepassIsThePasswordOfTheDefaultUserUnlessALineIsAboutIt) {
  conf::Configuration configuration{{}, settings()};
  configuration.server.requirepass = "secret";
  const auto users = *users_from(configuration, "");
  EXPECT_TRUE(users.authenticate("default", "secret"));
  EXPECT_FALSE(users.are_let_in());
  EXPECT_TRUE(settings_with(configuration, state_after_start(configuration.sentinel), users).users.empty());
  configuration.sentinel.users = {{"default", "on", "nopass", "+@all"}};
  EXPECT_TRUE(users_from(configuration, "")->are_let_in());
}

TEST(StateFile, KeepsNamesOnlyWhereTheyCanBeReadAgain) {
  auto read = settings();
  read.resolve_hostnames = true;
  read.primaries.at(0).address.host = "db1.example";
  core::State state = state_after_start(read);
  state.names.lead("db1.example", "10.0.0.77", false);
  state.primaries.at("mymaster").upstream = Address{"db1.example", 6379};
  state.primaries.at("mymaster").server.last_known = core::LastKnown{read.my_id, 7, 3};
  const auto written = [&] {
    const auto primary = settings_with({{}, read}, state, acl::Users{}).primaries.at(0);
    EXPECT_EQ(primary.known_servers.at(0).address, primary.address);
    EXPECT_EQ(primary.upstream, primary.address);
    return primary.address.host;
  };
  EXPECT_EQ(written(), "db1.example");
  state.names.naming.resolve = false;  // SENTINEL CONFIG SET
  EXPECT_EQ(written(), "10.0.0.77");
}

}  // namespace
}  // namespace vedette::node
