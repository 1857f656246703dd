#include "sim/leadership.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace vedette::sim {
namespace {

const RunId kMe{"a"};
const Instant kStart{std::chrono::seconds(100)};

// We stand at epoch 5 for a primary that is down, watched by four others.
core::Primary five_sentinels() {
  core::Primary primary;
  primary.name = "shop";
  primary.settings.quorum = 2;
  primary.objectively_down_since = kStart;
  primary.failover = core::Failover{Epoch{5}, core::Cause::kDown, kStart, kStart, core::WaitStart{}};
  primary.my_vote = {kMe, Epoch{5}};
  for (const char* id : {"b", "c", "d", "e"}) primary.sentinels[RunId{id}].id = RunId{id};
  return primary;
}

void vote(core::Primary& primary, const char* voter, const core::Vote& vote) {
  primary.sentinels.at(RunId{voter}).vote = vote;
}

TEST(Leadership, NeedsAMajorityOfAllThatAreKnown) {
  core::Primary primary = five_sentinels();
  vote(primary, "b", {kMe, Epoch{5}});
  EXPECT_EQ(fault_of_leader(primary, kMe), "leads at epoch 5 of shop with 2 votes of 5 sentinels, and needs 3");
  vote(primary, "c", {RunId{"d"}, Epoch{5}});
  EXPECT_FALSE(has_majority(primary, kMe));
  vote(primary, "c", {kMe, Epoch{5}});
  EXPECT_TRUE(has_majority(primary, kMe));
  EXPECT_EQ(fault_of_leader(primary, kMe), std::nullopt);
}

TEST(Leadership, NeedsNoLessThanTheQuorum) {
  core::Primary primary = five_sentinels();
  primary.settings.quorum = 4;
  for (const char* voter : {"b", "c"}) vote(primary, voter, {kMe, Epoch{5}});
  EXPECT_FALSE(has_majority(primary, kMe));
  vote(primary, "d", {kMe, Epoch{5}});
  EXPECT_TRUE(has_majority(primary, kMe));
}

TEST(Leadership, DoesNotComeFromVotesOfOtherEpochs) {
  core::Primary primary = five_sentinels();
  vote(primary, "b", {kMe, Epoch{5}});
  for (const Epoch other : {Epoch{4}, Epoch{6}}) {
    vote(primary, "c", {kMe, other});
    EXPECT_FALSE(has_majority(primary, kMe));
  }
  vote(primary, "c", {kMe, Epoch{5}});
  primary.my_vote.epoch = Epoch{4};
  EXPECT_FALSE(has_majority(primary, kMe));
}

TEST(Leadership, IsForAPrimaryThatIsDown) {
  core::Primary primary = five_sentinels();
  for (const char* voter : {"b", "c"}) vote(primary, voter, {kMe, Epoch{5}});
  primary.objectively_down_since.reset();
  EXPECT_EQ(fault_of_leader(primary, kMe), "is elected to fail shop over, which is not objectively down");
}

TEST(Leadership, ByOrderNeedsNeither) {
  core::Primary primary = five_sentinels();
  primary.failover->cause = core::Cause::kOrder;
  primary.objectively_down_since.reset();
  EXPECT_EQ(fault_of_leader(primary, kMe), std::nullopt);
}

TEST(Candidacy, IsOverWithAVoteForAnother) {
  core::Primary primary = five_sentinels();
  EXPECT_EQ(fault_of_candidate(primary, kMe), std::nullopt);
  primary.my_vote = {RunId{"b"}, Epoch{6}};
  EXPECT_EQ(fault_of_candidate(primary, kMe), "stands at epoch 5 of shop though it has voted for b at epoch 6");
}

// Two replicas that are well, with the history of the primary.
core::Primary with_replicas() {
  core::Primary primary = five_sentinels();
  primary.histories.present = "p";
  for (const unsigned number : {1U, 2U}) {
    core::Replica replica;
    replica.server.id = InstanceId{number};
    replica.server.address = {fmt::format("10.0.0.{}", number), 6379};
    replica.server.health.connected = true;
    replica.server.health.last_valid_reply = kStart;
    replica.server.info_received_at = kStart;
    replica.server.role_reported = proto::Role::kReplica;
    replica.server.info.replication_id = "p";
    replica.server.info.replication_offset = 1000;
    primary.replicas[replica.server.address] = replica;
  }
  return primary;
}

TEST(Choice, IsNotOfAForeignHistoryWhereAnotherIsFit) {
  core::Primary primary = with_replicas();
  core::Server& chosen = primary.replicas.begin()->second.server;
  core::Server& other = std::prev(primary.replicas.end())->second.server;
  EXPECT_EQ(fault_of_choice(primary, chosen.id), std::nullopt);
  chosen.info.replication_id = "x";
  EXPECT_EQ(fault_of_choice(primary, chosen.id),
            "has chosen 10.0.0.1:6379 for shop, whose data is of another history, and not 10.0.0.2:6379");
  chosen.info.replication_id_before = "p";
  EXPECT_EQ(fault_of_choice(primary, chosen.id), std::nullopt) << "it goes on with that of the primary";
  chosen.info.replication_id_before = "";
  other.subjectively_down_since = kStart;
  EXPECT_EQ(fault_of_choice(primary, chosen.id), std::nullopt) << "better than nobody";
}

TEST(Promotion, HasHappenedBeforeItIsToldOf) {
  const core::Primary primary = five_sentinels();
  EXPECT_EQ(fault_of_promotion(primary, {true, kStart}), std::nullopt);
  EXPECT_EQ(fault_of_promotion(primary, {false, kStart + std::chrono::seconds(1)}), std::nullopt) << "it is over again";
  EXPECT_EQ(fault_of_promotion(primary, {false, kStart - std::chrono::seconds(1)}),
            "tells of a promotion for shop that has not happened");
}

}  // namespace
}  // namespace vedette::sim
