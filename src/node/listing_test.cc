#include "node/listing.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/sentinel_state.h"
#include "tests/support/serving.h"

namespace vedette::node {
namespace {

// More than are written in one turn: others are served between turns, and later requests wait.
class VeryManyPrimaries : public vedette::testing::ServingTest {
 protected:
  VeryManyPrimaries() {
    node.the_state = vedette::testing::healthy_state(now);
    const core::Primary one = node.the_state.primaries.begin()->second;
    node.the_state.primaries.clear();
    for (std::size_t i = 0; i < kCount; ++i) {
      core::Primary& added = node.the_state.primaries.emplace(fmt::format("{:04}", i), one).first->second;
      added.name = fmt::format("{:04}", i);
    }
  }
  std::string take_turn() {
    EXPECT_LE(sessions().next_deadline(), now);
    sessions().on_timer(now);
    return vedette::testing::on_one_line(take(client_));
  }
  static std::size_t shown(const std::string& reply) {
    std::size_t count = 0;
    for (std::size_t at = reply.find("|$4|name|"); at != std::string::npos; at = reply.find("|$4|name|", at + 1))
      ++count;
    return count;
  }

  static constexpr std::size_t kCount = 2 * Listing::kPrimariesInATurn + 1;

  ConnectionId client_ = connect();
};

TEST_F(VeryManyPrimaries, AreShownInTurns) {
  const ConnectionId other = connect();
  EXPECT_EQ(ask(client_, {"SENTINEL", "MASTERS"}), "");
  EXPECT_EQ(ask(client_, {"PING"}), "") << "its turn comes after the list";
  EXPECT_EQ(take_turn(), "");
  EXPECT_EQ(ask(other, {"PING"}), "+PONG|");
  EXPECT_EQ(take_turn(), "");
  const std::string reply = take_turn();
  EXPECT_EQ(reply.substr(0, 5), "*129|");
  EXPECT_EQ(shown(reply), kCount);
  EXPECT_TRUE(reply.ends_with("+PONG|"));
  EXPECT_EQ(sessions().next_deadline(), std::nullopt);
}

TEST_F(VeryManyPrimaries, AreCountedWithoutThoseThatWentMeanwhile) {
  ask(client_, {"SENTINEL", "MASTERS"});
  take_turn();
  node.the_state.primaries.erase("0100");
  take_turn();
  const std::string reply = take_turn();
  EXPECT_EQ(reply.substr(0, 5), "*128|");
  EXPECT_EQ(shown(reply), kCount - 1);
}

TEST_F(VeryManyPrimaries, AreNotShownToWhoHasGone) {
  const ConnectionId other = connect();
  ask(client_, {"SENTINEL", "MASTERS"});
  take_turn();
  ask(other, {"SENTINEL", "MASTERS"});
  sessions().closed(client_);
  sessions().on_timer(now);
  for (int turn = 0; turn < 3; ++turn) sessions().on_timer(now);
  EXPECT_EQ(shown(vedette::testing::on_one_line(take(other))), kCount);
  EXPECT_EQ(sessions().next_deadline(), std::nullopt);
}

TEST_F(VeryManyPrimaries, AreToldByInfoInTurns) {
  const ConnectionId other = connect();
  EXPECT_EQ(ask(client_, {"INFO"}), "");
  EXPECT_EQ(take_turn(), "");
  EXPECT_EQ(ask(other, {"PING"}), "+PONG|");
  EXPECT_NE(ask(other, {"INFO", "stats"}), "") << "nothing in it is about primaries";
  node.the_state.primaries.erase("0100");
  EXPECT_EQ(take_turn(), "");
  const std::string reply = take_turn();
  EXPECT_NE(reply.find("|# Server|"), std::string::npos);
  EXPECT_NE(reply.find("|blocked_clients:0|"), std::string::npos) << "who asks has its answer now";
  EXPECT_NE(reply.find("|total_error_replies:0|"), std::string::npos);
  EXPECT_NE(reply.find("|# Sentinel|sentinel_masters:128|"), std::string::npos);
  EXPECT_NE(reply.find("|master0:name="), std::string::npos);
  EXPECT_NE(reply.find("|master127:name="), std::string::npos);
  EXPECT_EQ(reply.find("|master128:"), std::string::npos);
  EXPECT_EQ(sessions().next_deadline(), std::nullopt);
}

TEST_F(VeryManyPrimaries, AreListedInTheProtocolOfTheRequest) {
  ask(client_, {"HELLO", "3"});
  ask(client_, {"SENTINEL", "MASTERS"});
  ask(client_, {"HELLO", "2"});
  take_turn();
  take_turn();
  EXPECT_EQ(take_turn().substr(0, 17), "*129|%20|$4|name|");
}

TEST_F(VeryManyPrimaries, AreNotListedForWhoWantsNoReply) {
  ask(client_, {"CLIENT", "REPLY", "SKIP"});
  ask(client_, {"INFO"});
  ask(client_, {"PING"});
  take_turn();
  take_turn();
  EXPECT_EQ(take_turn(), "+PONG|");
}

}  // namespace
}  // namespace vedette::node
