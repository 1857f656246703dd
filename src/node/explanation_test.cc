// SENTINEL EXPLAIN: the sentence, and the map. What the core makes of a situation is in
// tests/fixtures/core/explain.txt.

#include "node/explanation.h"

#include <gtest/gtest.h>

#include "tests/support/sentinel_state.h"
#include "tests/support/serving.h"

namespace vedette::node {
namespace {

using vedette::testing::kMyId;
using vedette::testing::kPeerId;

class ExplanationTest : public vedette::testing::ServingTest {
 protected:
  ExplanationTest() { node.the_state = vedette::testing::healthy_state(now); }

  core::State& state() { return node.the_state; }
  core::Primary& primary() { return state().primaries.at("mymaster"); }
  core::Sentinel& peer() { return primary().sentinels.at(kPeerId); }
  core::Server& replica(const std::string& host) { return primary().replicas.at({host, 6379}).server; }

  std::string why_now() { return why(state(), primary(), node.explain(primary(), now), now); }
  std::string explained() { return ask(connect(), {"SENTINEL", "EXPLAIN", "mymaster"}); }

  // The primary died 5 s ago.
  void kill_primary() {
    core::Health& health = primary().server.health;
    health.connected = false;
    health.fault = core::LinkFault::kRefused;
    health.last_valid_reply = now - 35s;
    health.oldest_unanswered_ping = now - 35s;
    primary().server.subjectively_down_since = now - 5s;
  }
  void agree() {
    kill_primary();
    peer().opinion = core::Opinion{true, now - 100ms};
    primary().objectively_down_since = now - 100ms;
  }
  core::Failover& fail_over() {
    agree();
    primary().my_vote = {kMyId, Epoch{6}};
    primary().failover = core::Failover{Epoch{6}, core::Cause::kDown, now - 100ms, now - 50ms, core::WaitStart{}};
    return *primary().failover;
  }
};

constexpr std::string_view kSilence = "10.0.0.1:6379 has given no valid reply for 35 s (link: connection refused)";

// --- The sentence ---------------------------------------------------------------------------------------------------

TEST_F(ExplanationTest, AllIsWell) { EXPECT_EQ(why_now(), "All is well: 10.0.0.1:6379 answered 100 ms ago."); }

TEST_F(ExplanationTest, WhatWouldBeInTheWayIsSaidWhileAllIsWell) {
  state().peers.at(vedette::testing::kPeerInstance).health.connected = false;
  for (auto& [address, one] : primary().replicas) one.server.info.priority = 0;
  EXPECT_EQ(
      why_now(),
      "All is well: 10.0.0.1:6379 answered 100 ms ago. Nobody can be elected: 1 of 2 sentinels can be reached, and "
      "2 votes are needed. No replica is fit to take its place.");
  primary().replicas.clear();
  primary().settings.quorum = 3;
  EXPECT_EQ(why_now(),
            "All is well: 10.0.0.1:6379 answered 100 ms ago. The quorum of 3 cannot be reached: there are only 2 "
            "sentinels. There is no replica that could take its place.");
}

TEST_F(ExplanationTest, InfoThatIsOldIsNoObstacleSinceItIsAskedForAnewAtTheElection) {
  for (auto& [address, one] : primary().replicas) one.server.info_received_at = now - 1h;
  EXPECT_EQ(why_now(), "All is well: 10.0.0.1:6379 answered 100 ms ago.");
}

TEST_F(ExplanationTest, SilentButNotDownYet) {
  primary().server.health.oldest_unanswered_ping = now - 12s;
  EXPECT_EQ(
      why_now(),
      "10.0.0.1:6379 has given no valid reply for 12 s (last reply: pong); it counts as down in 18 s if that goes "
      "on.");
  primary().not_before = now + 60s;
  EXPECT_TRUE(why_now().ends_with(
      " Even then this sentinel itself would not stand for election for another 60 s: it gives way."))
      << why_now();
}

TEST_F(ExplanationTest, APingThatWasJustSentIsNoSilence) {
  primary().server.health.oldest_unanswered_ping = now - 1ms;
  EXPECT_EQ(why_now(), "All is well: 10.0.0.1:6379 answered 100 ms ago.");
}

TEST_F(ExplanationTest, APrimaryThatSaysThatItIsAReplica) {
  primary().server.role_reported = proto::Role::kReplica;
  primary().server.role_reported_at = now - 10s;
  EXPECT_EQ(why_now(), "10.0.0.1:6379 says that it is a replica; it counts as down in 40 s if that goes on.");
}

TEST_F(ExplanationTest, HeldBackByTheReplicas) {
  kill_primary();
  primary().server.subjectively_down_since.reset();
  primary().settings.corroborate_with_replicas = true;
  for (auto& [address, one] : primary().replicas) {
    one.server.info_received_at = now - 100ms;
    one.server.info.primary_last_io = 2s;
  }
  EXPECT_EQ(why_now(),
            std::string(kSilence) +
                ", but 2 of its 2 replicas hear from it, so it is the network between that is broken, and it does "
                "not count as down (corroborate-with-replicas). If they hear no more of it, it does in 27 s.");
}

TEST_F(ExplanationTest, APortThatRefuses) {
  kill_primary();
  primary().settings.fast_down_after = 200ms;
  primary().server.health.refusals = 4;
  primary().server.health.refused_since = now - 2s;
  EXPECT_TRUE(why_now().starts_with("10.0.0.1:6379 has given no valid reply for 35 s (link: connection refused), but"));
  primary().server.health.oldest_unanswered_ping = now - 300ms;
  primary().server.health.refused_since = now - 300ms;
  EXPECT_TRUE(
      why_now().starts_with("10.0.0.1:6379 has refused 4 connections in a row, for 300 ms, but only 1 of the 2 "))
      << why_now();
}

TEST_F(ExplanationTest, DownForUsAlone) {
  kill_primary();
  EXPECT_EQ(why_now(),
            std::string(kSilence) +
                ", but only 1 of the 2 sentinels that have to agree (quorum) say that it is down. Of the others "
                "0 say that it is up, and 1 have said nothing lately.");
  peer().opinion = core::Opinion{false, now - 100ms};
  EXPECT_NE(why_now().find("Of the others 1 say that it is up, and 0 have said nothing lately."), std::string::npos);
  peer().opinion = core::Opinion{true, now - 5s};
  EXPECT_NE(why_now().find("Of the others 0 say that it is up, and 1 have said nothing lately."), std::string::npos);
}

TEST_F(ExplanationTest, OthersMayStandFirst) {
  agree();
  EXPECT_TRUE(why_now().starts_with(std::string(kSilence) +
                                    ", and 2 sentinels agree that it is down (quorum 2). This sentinel stands for "
                                    "election in "))
      << why_now();
}

TEST_F(ExplanationTest, AnotherHasOurVote) {
  agree();
  primary().my_vote = {kPeerId, Epoch{6}};
  primary().not_before = now + 5min;
  EXPECT_NE(why_now().find("This sentinel has voted for 10.0.0.8:26379 at epoch 6 and gives it time to fail over; it "
                           "stands itself in 300 s at the earliest."),
            std::string::npos)
      << why_now();
}

TEST_F(ExplanationTest, OurOwnAttemptFailed) {
  agree();
  primary().my_vote = {kMyId, Epoch{6}};
  primary().not_before = now + 2s;
  EXPECT_NE(why_now().find("The last attempt of this sentinel to fail over came to nothing; the next one follows in "),
            std::string::npos)
      << why_now();
}

TEST_F(ExplanationTest, Standing) {
  fail_over();
  EXPECT_EQ(why_now(),
            "A failover is under way: this sentinel stands for election at epoch 6 and has 1 of the 2 votes "
            "needed.");
  primary().failover->cause = core::Cause::kOrder;
  primary().vote_revision = Revision{7};  // not on disk
  EXPECT_EQ(why_now(),
            "A failover is under way, by order: this sentinel stands for election at epoch 6 and has 1 of the "
            "2 votes needed; it asks for the others when its own is on disk.");
}

TEST_F(ExplanationTest, Elected) {
  fail_over().state = core::SelectReplica{};
  EXPECT_EQ(why_now(),
            "A failover is under way: this sentinel was elected, and waits 150 ms at most for fresh INFO of "
            "the replicas before it chooses.");
}

TEST_F(ExplanationTest, Promoting) {
  core::Failover& failover = fail_over();
  failover.state = core::SendPromotion{vedette::testing::kSecondReplica};
  failover.elected_at = now;
  EXPECT_EQ(why_now(),
            "A failover is under way: 10.0.0.3:6379 is to become the primary, once a majority has repeated its votes; "
            "that is given up in 2000 ms.");
  peer().vote = primary().my_vote;
  peer().vote_known_at = now - 20ms;
  peer().vote_asked_at = now - 10ms;
  EXPECT_EQ(why_now(),
            "A failover is under way: 10.0.0.3:6379 is to become the primary, and there is no connection to it "
            "at present; that is given up in 179 s.");
  primary().failover->state = core::WaitPromotion{vedette::testing::kSecondReplica, now};
  EXPECT_EQ(why_now(),
            "A failover is under way: 10.0.0.3:6379 has been told to become the primary, and has not said yet "
            "that it is; that is given up in 179 s.");
}

TEST_F(ExplanationTest, Reconfiguring) {
  fail_over().state = core::ReconfigureReplicas{vedette::testing::kSecondReplica, {"10.0.0.3", 6379}};
  EXPECT_EQ(why_now(),
            "A failover is nearly done: 10.0.0.3:6379 is the primary, and 1 other replicas do not follow it "
            "yet; they are told when the new configuration is on disk.");
  primary().published = core::Configuration{{"10.0.0.3", 6379}, primary().config_epoch};
  EXPECT_EQ(why_now(),
            "A failover is nearly done: 10.0.0.3:6379 is the primary, and 1 other replicas do not follow it "
            "yet; that ends in 179 s at the latest.");
}

TEST_F(ExplanationTest, Tilt) {
  state().tilt = core::Tilt{now - 1s, 4321ms};
  EXPECT_EQ(why_now(),
            "TILT: this process stood still for 4321 ms, so what it believes may be wrong, and it takes no part "
            "for another 29 s.");
}

// --- The map --------------------------------------------------------------------------------------------------------

TEST_F(ExplanationTest, IsAMapThatBeginsWithTheSentence) {
  EXPECT_EQ(explained().substr(0, 67), "*36|$3|why|$47|All is well: 10.0.0.1:6379 answered 100 ms ago.|$9|s");
  const ConnectionId client = connect();
  ask(client, {"HELLO", "3"});
  EXPECT_EQ(ask(client, {"SENTINEL", "explain", "mymaster"}).substr(0, 12), "%18|$3|why|$");
  EXPECT_EQ(ask(client, {"SENTINEL", "EXPLAIN", "nope"}), "-ERR No such master with that name|");
  EXPECT_EQ(ask(client, {"SENTINEL", "EXPLAIN"}), "-ERR wrong number of arguments for 'sentinel|explain' command|");
}

TEST_F(ExplanationTest, TellsWhoWouldBePromotedAndWhyNotTheOthers) {
  replica("10.0.0.3").info.replication_offset = 4712;
  EXPECT_NE(
      explained().find("|$17|would-be-promoted|$13|10.0.0.3:6379|$8|replicas|*2|"
                       "*14|$4|name|$13|10.0.0.2:6379|$7|verdict|$3|fit|$6|reason|$27|10.0.0.3:6379 has more data|"
                       "$14|slave-priority|$3|100|$17|slave-repl-offset|$4|4711|$12|info-refresh|$4|4000|"
                       "$4|link|$2|ok|"
                       "*14|$4|name|$13|10.0.0.3:6379|$7|verdict|$6|chosen|$6|reason|"
                       "$30|the best of those that are fit|"),
      std::string::npos)
      << explained();
  replica("10.0.0.2").info.priority = 0;
  EXPECT_NE(explained().find("|$7|verdict|$8|rejected|$6|reason|$17|its priority is 0|"), std::string::npos);
  EXPECT_NE(explained().find("|the only one that is fit|"), std::string::npos);
}

TEST_F(ExplanationTest, WhoHasBeenChosenStaysChosen) {
  fail_over().state = core::WaitPromotion{vedette::testing::kFirstReplica, now};
  replica("10.0.0.3").info.replication_offset = 4712;
  EXPECT_NE(explained().find("|$17|would-be-promoted|$13|10.0.0.2:6379|"), std::string::npos);
  EXPECT_NE(explained().find("|10.0.0.2:6379 was chosen before|"), std::string::npos) << explained();
}

TEST_F(ExplanationTest, TellsWhatTheOthersThinkAndHowOldThatIs) {
  EXPECT_NE(explained().find("|$6|leases|$2|no|"), std::string::npos) << explained();
  state().peers.begin()->second.is_vedette = true;
  EXPECT_NE(explained().find("|$6|leases|$3|yes|"), std::string::npos) << explained();
  EXPECT_NE(explained().find("|$7|opinion|$7|unknown|$18|last-hello-message|"), std::string::npos) << explained();
  agree();
  peer().vote = {kPeerId, Epoch{4}};
  EXPECT_NE(explained().find("|$7|opinion|$4|down|$11|opinion-age|$3|100|$15|opinion-expired|$2|no|"),
            std::string::npos);
  EXPECT_NE(explained().find("|$12|voted-leader|$40|" + kPeerId.hex + "|$18|voted-leader-epoch|$1|4|"),
            std::string::npos);
  peer().opinion->at = now - 5s;
  EXPECT_NE(explained().find("|$11|opinion-age|$4|5000|$15|opinion-expired|$3|yes|"), std::string::npos);
}

TEST_F(ExplanationTest, TellsBothThresholdsAndWhatIsWaitedFor) {
  fail_over();
  EXPECT_NE(explained().find("|$9|situation|$8|standing|$11|waiting-for|$5|votes|$10|waiting-ms|$4|9900|"),
            std::string::npos)
      << explained();
  EXPECT_NE(explained().find("|$13|down-opinions|$1|2|$6|quorum|$1|2|$6|voters|$1|2|$16|reachable-voters|$1|2|"
                             "$8|majority|$1|2|$14|failover-epoch|$1|6|$13|failover-time|$3|100|$5|votes|$1|1|"),
            std::string::npos);
}

// --- SENTINEL FAILOVER ... DRYRUN -----------------------------------------------------------------------------------

TEST_F(ExplanationTest, ARehearsalSaysWhatTheOrderWouldDoAndDoesNothing) {
  replica("10.0.0.3").info.replication_offset = 4712;
  const std::string said = ask(connect(), {"SENTINEL", "FAILOVER", "mymaster", "dryrun"});
  EXPECT_EQ(
      said.substr(0, said.find("|$8|replicas|*2|*14|$4|name|")),
      "*14|$6|result|$2|OK|$3|why|$184|This sentinel would ask the others for votes (2 of 2 sentinels can be reached, "
      "2 votes are needed), and make 10.0.0.3:6379 the primary in place of 10.0.0.1:6379. Nothing has been done.|"
      "$6|voters|$1|2|$16|reachable-voters|$1|2|$8|majority|$1|2|$17|would-be-promoted|$13|10.0.0.3:6379");
  EXPECT_NE(said.find("|10.0.0.3:6379 has more data|"), std::string::npos);
  EXPECT_TRUE(node.inputs.empty());
}

TEST_F(ExplanationTest, ARehearsalWithoutAMajoritySaysThatItIsDoneWithout) {
  state().peers.at(vedette::testing::kPeerInstance).health.connected = false;
  const std::string said = ask(connect(), {"SENTINEL", "FAILOVER", "mymaster", "DRYRUN"});
  EXPECT_NE(
      said.find("(1 of 2 sentinels can be reached, 2 votes are needed), go on without them after 2000 ms, and make "),
      std::string::npos)
      << said;
}

TEST_F(ExplanationTest, ARehearsalIsRefusedAsTheOrderIs) {
  const auto rehearse = [this](std::string_view name) {
    return ask(connect(), {"SENTINEL", "FAILOVER", name, "DRYRUN"});
  };
  EXPECT_EQ(rehearse("nope"), "-ERR No such master with that name|");
  for (auto& [address, one] : primary().replicas) one.server.info.priority = 0;
  EXPECT_EQ(rehearse("mymaster"), "-NOGOODSLAVE No suitable replica to promote|");
  fail_over();
  EXPECT_EQ(rehearse("mymaster"), "-INPROG Failover already in progress|");
  EXPECT_TRUE(node.inputs.empty());
}

TEST_F(ExplanationTest, WhatIsMistypedIsNoOrder) {
  EXPECT_EQ(
      ask(connect(), {"SENTINEL", "FAILOVER", "mymaster", "DRYRN"}),
      "-ERR Unknown option 'DRYRN' for SENTINEL FAILOVER: the master's name may be followed by DRYRUN and nothing "
      "else|");
  EXPECT_EQ(ask(connect(), {"SENTINEL", "FAILOVER", "mymaster", "DRYRUN", "NOW"}),
            "-ERR Unknown option 'NOW' for SENTINEL FAILOVER: the master's name may be followed by DRYRUN and nothing "
            "else|");
  EXPECT_TRUE(node.inputs.empty());
}

}  // namespace
}  // namespace vedette::node
