// The rules of choosing; scenarios of whole elections are in selection.txt.
#include "core/selection.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/support/model_server.h"
#include "tests/support/sentinel_state.h"

namespace vedette::core {
namespace {

using testing::forty;

constexpr Instant kNow{1000s};
const Address kFirst{"10.0.0.2", 6379};
const Address kSecond{"10.0.0.3", 6379};

// Two replicas that are equal but for their run ids, of a primary that is down.
class Selecting : public ::testing::Test {
 protected:
  Selecting() {
    primary.settings.down_after = 5000ms;
    primary.server.subjectively_down_since = kNow - 200ms;
    primary.histories.present = forty('e');
    for (auto& [address, replica] : primary.replicas) {
      replica.server.info.replication_id = forty('e');
      replica.server.info_received_at = kNow - 100ms;
    }
  }

  Server& server(const Address& address) { return primary.replicas.at(address).server; }
  Fitness fitness_of(const Address& address) const {
    for (const Candidate& candidate : select_replica(state, primary, kNow).candidates) {
      if (candidate.address == address) return candidate.fitness;
    }
    ADD_FAILURE() << "no candidate at " << to_string(address);
    return Fitness::kChosen;
  }
  Address chosen() const {
    const Selection selection = select_replica(state, primary, kNow);
    return selection.chosen() ? selection.chosen()->address : Address{};
  }

  State state = testing::healthy_state(kNow);
  Primary& primary = state.primaries.at("mymaster");
};

// --- Preference -----------------------------------------------------------------------------------------------------

TEST_F(Selecting, EveryReplicaIsACandidateAndOneIsChosen) {
  EXPECT_EQ(select_replica(state, primary, kNow).candidates.size(), 2U);
  EXPECT_EQ(fitness_of(kFirst), Fitness::kChosen);
  EXPECT_EQ(fitness_of(kSecond), Fitness::kBehindChosen);
}

TEST_F(Selecting, TheLowestPriorityBeforeTheGreatestOffset) {
  server(kSecond).info.priority = 99;
  server(kFirst).info.replication_offset = 1'000'000;
  EXPECT_EQ(chosen(), kSecond);
}

TEST_F(Selecting, TheGreatestOffsetBeforeTheSmallestRunId) {
  server(kSecond).info.replication_offset = 4712;
  EXPECT_EQ(chosen(), kSecond);
}

TEST_F(Selecting, TheGreatestOffsetThereCanBe) {
  server(kSecond).info.replication_offset = ~std::uint64_t{0};
  EXPECT_EQ(chosen(), kSecond);
}

TEST_F(Selecting, TheSmallestRunId) {
  server(kSecond).run_id = testing::run_id('0');
  EXPECT_EQ(chosen(), kSecond);
}

TEST_F(Selecting, OneWithoutARunIdComesLast) {
  server(kFirst).run_id = RunId{};
  EXPECT_EQ(chosen(), kSecond);
}

TEST_F(Selecting, OneThatWasPromotedAlreadyComesFirst) {
  server(kSecond).role_reported = proto::Role::kPrimary;
  server(kSecond).info.replication_id = forty('f');
  server(kSecond).info.replication_id_before = forty('e');
  server(kSecond).info.primary_link_up = false;
  server(kSecond).info.replication_offset = 0;
  EXPECT_EQ(chosen(), kSecond);
}

TEST_F(Selecting, ThereMayBeNobody) {
  server(kFirst).info.priority = 0;
  server(kSecond).info.priority = 0;
  EXPECT_EQ(select_replica(state, primary, kNow).chosen(), nullptr);
  primary.replicas.clear();
  EXPECT_EQ(select_replica(state, primary, kNow).chosen(), nullptr);
}

// --- Reasons for rejection ------------------------------------------------------------------------------------------

TEST_F(Selecting, RejectsOneThatIsDown) {
  server(kFirst).subjectively_down_since = kNow;
  EXPECT_EQ(fitness_of(kFirst), Fitness::kDown);
}

TEST_F(Selecting, RejectsOneWithoutALink) {
  server(kFirst).health.connected = false;
  EXPECT_EQ(fitness_of(kFirst), Fitness::kDisconnected);
}

TEST_F(Selecting, RejectsOneThatHasNotAnsweredForFivePingPeriods) {
  server(kFirst).health.last_valid_reply = kNow - 5s;
  EXPECT_EQ(fitness_of(kFirst), Fitness::kChosen);
  server(kFirst).health.last_valid_reply = kNow - 5001ms;
  EXPECT_EQ(fitness_of(kFirst), Fitness::kSilent);
}

TEST_F(Selecting, RejectsOneOfWhomNothingIsKnown) {
  server(kFirst).info_received_at.reset();
  EXPECT_EQ(fitness_of(kFirst), Fitness::kNoInfo);
}

TEST_F(Selecting, RejectsOneWhoseInfoIsOld) {
  server(kFirst).info_received_at = kNow - 5001ms;
  EXPECT_EQ(fitness_of(kFirst), Fitness::kStaleInfo);
}

TEST_F(Selecting, WhileThePrimaryIsWellInfoComesSeldomAndMayBeOlder) {
  primary.server.subjectively_down_since.reset();
  server(kFirst).info_received_at = kNow - 30s;
  EXPECT_EQ(fitness_of(kFirst), Fitness::kChosen);
  server(kFirst).info_received_at = kNow - 30001ms;
  EXPECT_EQ(fitness_of(kFirst), Fitness::kStaleInfo);
}

TEST_F(Selecting, RejectsOneThatTheOperatorWantsNeverToBePromoted) {
  server(kFirst).info.priority = 0;
  EXPECT_EQ(fitness_of(kFirst), Fitness::kPriorityZero);
}

TEST_F(Selecting, RejectsOneInTheMiddleOfAFullSynchronisation) {
  server(kFirst).info.primary_sync_in_progress = true;
  EXPECT_EQ(fitness_of(kFirst), Fitness::kSynchronising);
}

TEST_F(Selecting, RejectsOneOfAnotherHistory) {
  server(kFirst).info.replication_id = forty('f');
  EXPECT_EQ(fitness_of(kFirst), Fitness::kForeignLineage);
}

TEST_F(Selecting, TakesOneOfAnEarlierHistoryIfThereIsNoneOfThePresentOne) {
  primary.histories.earlier = {forty('f')};
  server(kFirst).info.replication_id = forty('f');
  server(kFirst).info.priority = 1;
  EXPECT_EQ(chosen(), kSecond);
  server(kSecond).health.connected = false;
  EXPECT_EQ(chosen(), kFirst);
}

// After restarts we may not know the history that is ours; whom it follows tells too, if nothing else does.
TEST_F(Selecting, TakesOneOfAnUnknownHistoryThatFollowsTheGroupIfNobodyElseIsFit) {
  server(kFirst).info.replication_id = forty('f');
  server(kFirst).info.primary = kSecond;
  EXPECT_EQ(chosen(), kSecond);
  EXPECT_EQ(fitness_of(kFirst), Fitness::kForeignLineage);
  server(kSecond).info.priority = 0;
  EXPECT_EQ(chosen(), kFirst);
  server(kFirst).info.primary = Address{"10.9.9.9", 6379};
  EXPECT_EQ(fitness_of(kFirst), Fitness::kForeignLineage);
}

// No link can be up to one that has become a replica itself, and that counts as down only after a while.
TEST_F(Selecting, DoesNotCountTheTimeInWhichThePrimaryWasAReplicaItself) {
  primary.server.role_reported = proto::Role::kReplica;
  primary.server.role_reported_at = kNow - 60s;
  server(kFirst).info.primary_link_up = false;
  server(kFirst).info.primary_link_down_for = 110s;
  EXPECT_EQ(fitness_of(kFirst), Fitness::kChosen);
  server(kFirst).info.primary_link_down_for = 111s;
  EXPECT_EQ(fitness_of(kFirst), Fitness::kLinkDownTooLong);
}

// After a restart with the primary dead all are cut off for as long as it is.
TEST_F(Selecting, TakesOneThatIsCutOffForLongIfThePrimaryWasNeverHeardOf) {
  for (auto& [address, replica] : primary.replicas) {
    replica.server.info.primary_link_up = false;
    replica.server.info.primary_link_down_for = 500s;
  }
  primary.server.info_received_at = kNow - 100s;
  EXPECT_EQ(chosen(), Address{});
  primary.server.info_received_at.reset();
  EXPECT_EQ(chosen(), kFirst);
}

TEST_F(Selecting, RejectsOneThatWasCutOffForLongBeforeThePrimaryWentDown) {
  server(kFirst).info.primary_link_up = false;
  server(kFirst).info.primary_link_down_for = 50200ms;  // 200 ms of it since the primary is down
  EXPECT_EQ(fitness_of(kFirst), Fitness::kChosen);
  server(kFirst).info.primary_link_down_for = 50201ms;
  EXPECT_EQ(fitness_of(kFirst), Fitness::kLinkDownTooLong);
}

// Offset 1 is what a replica reports before its first synchronisation, 0 is what older servers do.
TEST_F(Selecting, RejectsOneThatNeverSynchronised) {
  server(kFirst).info.primary_link_up = false;
  server(kFirst).info.replication_id = forty('f');
  for (const std::uint64_t offset : {0U, 1U}) {
    server(kFirst).info.replication_offset = offset;
    EXPECT_EQ(fitness_of(kFirst), Fitness::kNeverSynchronised);
  }
}

TEST_F(Selecting, TakesOneThatSynchronisedWithAPrimaryThatHadNothingToGive) {
  server(kFirst).info.primary_link_up = false;
  server(kFirst).info.replication_offset = 0;
  server(kSecond).info.priority = 0;
  EXPECT_EQ(fitness_of(kFirst), Fitness::kChosen);
}

TEST_F(Selecting, WithoutHistoriesTheOffsetHasToDo) {
  primary.histories.present.clear();
  server(kFirst).info.primary_link_up = false;
  server(kFirst).info.replication_offset = 1;
  EXPECT_EQ(fitness_of(kFirst), Fitness::kNeverSynchronised);
}

TEST_F(Selecting, RejectsAPrimaryThatDoesNotContinueOurHistory) {
  server(kFirst).role_reported = proto::Role::kPrimary;
  server(kFirst).info.primary_link_up = false;
  server(kFirst).info.replication_offset = 0;
  EXPECT_EQ(fitness_of(kFirst), Fitness::kNeverSynchronised);
}

// --- For people -----------------------------------------------------------------------------------------------------

TEST(Fitness, EveryReasonHasItsOwnWords) {
  std::set<std::string_view> words;
  for (int fitness = 0; fitness <= static_cast<int>(Fitness::kForeignLineage); ++fitness) {
    words.insert(explain(static_cast<Fitness>(fitness)));
  }
  EXPECT_EQ(words.size(), static_cast<std::size_t>(Fitness::kForeignLineage) + 1);
}

TEST(Fitness, IsToldWithTheFactsThatCounted) {
  Candidate candidate{InstanceId{1}, kFirst, Fitness::kChosen, 100, 4711, {}};
  EXPECT_EQ(describe(candidate), "10.0.0.2:6379 chosen: priority 100, offset 4711");
  candidate.fitness = Fitness::kBehindChosen;
  EXPECT_EQ(describe(candidate), "10.0.0.2:6379 not chosen: priority 100, offset 4711");
  candidate.fitness = Fitness::kDown;
  EXPECT_EQ(describe(candidate), "10.0.0.2:6379 rejected: it is down (priority 100, offset 4711)");
}

}  // namespace
}  // namespace vedette::core
