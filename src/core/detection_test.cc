// The rules themselves; when they are looked at is the business of the scenarios (subjectively_down.txt).
#include "core/detection.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

#include "tests/support/sentinel_state.h"

namespace vedette::core {
namespace {

constexpr Instant kNow{100s};
const OwnPace kOnTime;

Health connected() { return testing::healthy(kNow); }

TEST(Detection, OneWhoOwesNothingIsNotDownAndWillNotBe) {
  EXPECT_EQ(silent_since(connected()), std::nullopt);
  EXPECT_EQ(judge_silence(connected(), 1s, kOnTime).at, std::nullopt);
  EXPECT_FALSE(judge_silence(connected(), 1s, kOnTime).is_down(kNow + 1h));
}

TEST(Detection, OurOwnLatenessIsNobodysSilence) {
  Health health = connected();
  health.oldest_unanswered_ping = kNow - 1500ms;
  OwnPace pace;
  pace.note_turn(kNow, kHardlyLate);
  EXPECT_EQ(judge_silence(health, 1s, pace).at, kNow - 500ms) << "so late is everybody";
  pace.note_turn(kNow, 700ms);
  EXPECT_EQ(judge_silence(health, 1s, pace).at, kNow + 700ms);
  pace.note_turn(kNow + 1ms, 100ms);
  EXPECT_EQ(judge_silence(health, 1s, pace).at, kNow + 700ms) << "what came after it is over sooner";
  health.oldest_unanswered_ping = kNow;
  EXPECT_EQ(judge_silence(health, 1s, pace).at, kNow + 1s) << "nothing is added where there is time";
}

TEST(Detection, NobodyIsExcusedForEver) {
  Health health = connected();
  health.oldest_unanswered_ping = kNow;
  OwnPace pace;
  for (Instant now = kNow; now < kNow + 1h; now += 1s) pace.note_turn(now, 900ms);
  EXPECT_EQ(judge_silence(health, 1s, pace).at, kNow + 1s + kLongestExcuse);
}

TEST(Detection, TheOldestUnansweredPingCounts) {
  Health health = connected();
  health.oldest_unanswered_ping = kNow - 400ms;
  health.last_ping_sent = kNow - 100ms;
  const DownVerdict verdict = judge_silence(health, 1s, kOnTime);
  EXPECT_EQ(verdict.at, kNow + 600ms);
  EXPECT_FALSE(verdict.is_down(kNow + 599ms));
  EXPECT_TRUE(verdict.is_down(kNow + 600ms));
}

TEST(Detection, WithoutALinkTheLastValidReplyCounts) {
  Health health = connected();
  health.connected = false;
  EXPECT_EQ(silent_since(health), kNow - 100ms);
}

TEST(Detection, WithoutALinkAnOlderPingCountsStill) {
  Health health = connected();
  health.connected = false;
  health.oldest_unanswered_ping = kNow - 700ms;
  EXPECT_EQ(silent_since(health), kNow - 700ms);
}

TEST(Detection, WhereNobodyKnowsItsPlaceSilenceTellsNothing) {
  Health health = connected();
  health.connected = false;
  health.fault = LinkFault::kNoNameServer;
  EXPECT_FALSE(judge_silence(health, 1s, kOnTime).is_down(kNow + 1h));
  health.fault = LinkFault::kUnresolved;
  EXPECT_TRUE(judge_silence(health, 1s, kOnTime).is_down(kNow + 1h)) << "its name is gone, and it with it";
  health.fault = LinkFault::kNoNameServer;
  health.reached = true;
  EXPECT_TRUE(judge_silence(health, 1s, kOnTime).is_down(kNow + 1h)) << "it was known where it was";
}

TEST(Detection, PingsComeEverySecondOrTenTimesPerDownAfter) {
  const Timing timing;
  EXPECT_EQ(ping_period(timing, 30s), 1s);
  EXPECT_EQ(ping_period(timing, 5s), 1s);
  EXPECT_EQ(ping_period(timing, 4s), 400ms);
  EXPECT_EQ(ping_period(timing, 1s), 100ms);
}

class PrimaryDetection : public ::testing::Test {
 protected:
  PrimaryDetection() {
    primary.settings.down_after = 5000ms;
    primary.settings.reboot_down_after = 3000ms;
  }

  State state = testing::healthy_state(kNow);
  Primary& primary = state.primaries.at("mymaster");
};

TEST_F(PrimaryDetection, OneThatSaysItIsAReplicaIsDownInTheEnd) {
  primary.server.role_reported = proto::Role::kReplica;
  primary.server.role_reported_at = kNow;
  const DownVerdict verdict = judge_primary(state, primary);
  EXPECT_EQ(verdict.at, kNow + 5s + 2 * 10s);
  EXPECT_EQ(verdict.reason, DownReason::kReportsReplica);
}

TEST_F(PrimaryDetection, WhatItSaidAsAReplicaIsNotHeldAgainstIt) {
  primary.server.role_reported = proto::Role::kReplica;
  primary.server.role_reported_at = kNow - 1h;
  primary.configuration_changed_at = kNow;
  EXPECT_EQ(judge_primary(state, primary).at, kNow + 5s + 2 * 10s);
}

TEST_F(PrimaryDetection, WhatItSaysItIsDoesNotCountBeforeItHasSaidAnything) {
  primary.server.role_reported = proto::Role::kReplica;
  primary.server.info_received_at.reset();
  EXPECT_EQ(judge_primary(state, primary).at, std::nullopt);
}

TEST_F(PrimaryDetection, OneThatRestartedHasItsOwnTime) {
  primary.server.rebooted_at = kNow;
  const DownVerdict verdict = judge_primary(state, primary);
  EXPECT_EQ(verdict.at, kNow + 3s);
  EXPECT_EQ(verdict.reason, DownReason::kRebooted);
}

TEST_F(PrimaryDetection, OfSeveralReasonsTheFirstToApplyCounts) {
  primary.server.health.oldest_unanswered_ping = kNow;
  primary.server.rebooted_at = kNow;
  EXPECT_EQ(judge_primary(state, primary).reason, DownReason::kRebooted);
  primary.server.rebooted_at = kNow + 2500ms;
  EXPECT_EQ(judge_primary(state, primary).reason, DownReason::kSilent);
  EXPECT_EQ(judge_primary(state, primary).at, kNow + 5s);
}

// --- The word of the replicas ---------------------------------------------------------------------------------------

class Corroboration : public PrimaryDetection {
 protected:
  Corroboration() {
    primary.settings.corroborate_with_replicas = true;
    primary.server.health.oldest_unanswered_ping = kNow;
    for (auto& [address, replica] : primary.replicas) {
      replica.server.info_received_at = kNow + 4s;
      replica.server.info.primary_last_io = 3s;  // heard at kNow + 1 s
    }
  }
  Server& first() { return primary.replicas.begin()->second.server; }
  DownVerdict verdict() const { return judge_primary(state, primary); }
};

TEST_F(Corroboration, HoldsForTwelveSecondsAfterWhatTheReplicasHeard) {
  EXPECT_EQ(verdict().at, kNow + 1s + 12s);
  EXPECT_EQ(verdict().held_back_from, kNow + 5s);
  EXPECT_TRUE(verdict().is_held_back(kNow + 5s));
  EXPECT_FALSE(verdict().is_held_back(kNow + 5s - 1us)) << "it is not down yet anyway";
  EXPECT_FALSE(verdict().is_held_back(kNow + 13s)) << "it is down by now";
}

TEST_F(Corroboration, HoldsForDownAfterIfThatIsLonger) {
  primary.settings.down_after = 30s;
  EXPECT_EQ(verdict().at, kNow + 1s + 30s);
}

TEST_F(Corroboration, IsAskedFor) {
  primary.settings.corroborate_with_replicas = false;
  EXPECT_EQ(verdict().at, kNow + 5s);
  EXPECT_EQ(verdict().held_back_from, std::nullopt);
}

TEST_F(Corroboration, TakesAMajority) {
  first().info.primary_link_up = false;
  EXPECT_EQ(verdict().at, kNow + 5s) << "one of two";
  primary.replicas.erase(primary.replicas.begin());
  EXPECT_EQ(verdict().at, kNow + 13s) << "one of one";
  primary.replicas.clear();
  EXPECT_EQ(verdict().at, kNow + 5s);
}

TEST_F(Corroboration, LastsAsLongAsAMajorityVouches) {
  first().info.primary_last_io = 1s;
  EXPECT_EQ(verdict().at, kNow + 13s);
}

TEST_F(Corroboration, IsNotGivenByWhatWasSaidBeforeTheSilence) {
  first().info_received_at = kNow - 1us;
  EXPECT_EQ(verdict().at, kNow + 5s);
}

TEST_F(Corroboration, IsNotGivenByWhoFollowsAnotherOrDoesNotTell) {
  first().info.primary = Address{"10.9.9.9", 6379};
  EXPECT_EQ(verdict().at, kNow + 5s);
  first().info.primary = primary.server.address;
  EXPECT_EQ(verdict().at, kNow + 13s);
  first().info.primary_last_io.reset();
  EXPECT_EQ(verdict().at, kNow + 5s);
}

TEST_F(Corroboration, IsNoAnswerToAPrimaryThatSaysThatItIsAReplica) {
  primary.server.role_reported = proto::Role::kReplica;
  primary.server.role_reported_at = kNow - 1h;
  EXPECT_EQ(verdict().reason, DownReason::kReportsReplica);
  EXPECT_FALSE(verdict().is_held_back(kNow + 5s));
}

TEST_F(Corroboration, IsWantedHalfwayToTheVerdict) {
  EXPECT_EQ(witnesses_wanted_from(primary), kNow + 2500ms);
  primary.settings.fast_down_after = 200ms;
  EXPECT_EQ(witnesses_wanted_from(primary), kNow + 2500ms);
  primary.server.health.refused_since = kNow + 1s;
  EXPECT_EQ(witnesses_wanted_from(primary), kNow + 1100ms);
  primary.server.health = testing::healthy(kNow);
  EXPECT_EQ(witnesses_wanted_from(primary), std::nullopt) << "all is well";
}

TEST_F(PrimaryDetection, AReplicaIsJudgedByItsSilenceAlone) {
  Replica& replica = primary.replicas.begin()->second;
  replica.server.role_reported = proto::Role::kPrimary;
  replica.server.role_reported_at = kNow - 1h;
  EXPECT_EQ(judge_replica(state, primary, replica).at, std::nullopt);
  replica.server.health.oldest_unanswered_ping = kNow;
  EXPECT_EQ(judge_replica(state, primary, replica).at, kNow + 5s);
}

TEST(Detection, EveryFaultHasItsOwnWords) {
  std::set<std::string_view> words;
  for (int fault = 0; fault <= static_cast<int>(LinkFault::kSilent); ++fault) {
    words.insert(to_string(static_cast<LinkFault>(fault)));
  }
  EXPECT_EQ(words.size(), static_cast<std::size_t>(LinkFault::kSilent) + 1);
}

}  // namespace
}  // namespace vedette::core
