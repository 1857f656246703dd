// SUBSCRIBE and its family, PUBLISH.

#include <gtest/gtest.h>

#include "tests/support/serving.h"

namespace vedette::node {
namespace {

class PubsubCommandsTest : public vedette::testing::ServingTest {
 protected:
  std::string published(ConnectionId client, std::string_view channel, std::string_view message) {
    sessions().publish(now, channel, message);
    return vedette::testing::on_one_line(take(client));
  }
};

TEST_F(PubsubCommandsTest, ConfirmsEveryChannelWithTheNumberOfSubscriptions) {
  const auto client = connect();
  EXPECT_EQ(ask(client, {"SUBSCRIBE", "a", "b"}), "*3|$9|subscribe|$1|a|:1|*3|$9|subscribe|$1|b|:2|");
  EXPECT_EQ(ask(client, {"SUBSCRIBE", "a"}), "*3|$9|subscribe|$1|a|:2|");
  EXPECT_EQ(ask(client, {"PSUBSCRIBE", "+*"}), "*3|$10|psubscribe|$2|+*|:3|");
  EXPECT_EQ(ask(client, {"UNSUBSCRIBE"}), "*3|$11|unsubscribe|$1|a|:2|*3|$11|unsubscribe|$1|b|:1|");
  EXPECT_EQ(ask(client, {"UNSUBSCRIBE"}), "*3|$11|unsubscribe|$-1|:1|");
  EXPECT_EQ(ask(client, {"UNSUBSCRIBE", "x"}), "*3|$11|unsubscribe|$1|x|:1|");
  EXPECT_EQ(ask(client, {"PUNSUBSCRIBE", "y"}), "*3|$12|punsubscribe|$1|y|:1|");
  EXPECT_EQ(ask(client, {"PUNSUBSCRIBE"}), "*3|$12|punsubscribe|$2|+*|:0|");
}

TEST_F(PubsubCommandsTest, ConfirmsByPushesInResp3) {
  const auto client = connect();
  ask(client, {"HELLO", "3"});
  EXPECT_EQ(ask(client, {"SUBSCRIBE", "a"}), ">3|$9|subscribe|$1|a|:1|");
  EXPECT_EQ(ask(client, {"UNSUBSCRIBE", "a"}), ">3|$11|unsubscribe|$1|a|:0|");
  EXPECT_EQ(ask(client, {"PUNSUBSCRIBE"}), ">3|$12|punsubscribe|_|:0|");
}

TEST_F(PubsubCommandsTest, DeliversToThoseWhoListen) {
  const auto ann = connect();
  const auto bob = connect();
  ask(ann, {"SUBSCRIBE", "+sdown"});
  ask(bob, {"HELLO", "3"});
  ask(bob, {"PSUBSCRIBE", "*down", "+*"});
  EXPECT_EQ(published(ann, "+sdown", "master m"), "*3|$7|message|$6|+sdown|$8|master m|");
  EXPECT_EQ(vedette::testing::on_one_line(take(bob)),
            ">4|$8|pmessage|$5|*down|$6|+sdown|$8|master m|>4|$8|pmessage|$2|+*|$6|+sdown|$8|master m|");
  EXPECT_EQ(published(ann, "-sdown", "master m"), "");
  EXPECT_EQ(vedette::testing::on_one_line(take(bob)), ">4|$8|pmessage|$5|*down|$6|-sdown|$8|master m|");
}

TEST_F(PubsubCommandsTest, DeliversToOneThatWaitsForAnAnswer) {
  const auto client = connect();
  ask(client, {"HELLO", "3"});
  ask(client, {"SUBSCRIBE", "a"});
  ask(client, {"SENTINEL", "FLUSHCONFIG"});
  EXPECT_EQ(published(client, "a", "x"), ">3|$7|message|$1|a|$1|x|");
  EXPECT_EQ(confirm(client, ordered<core::Flush>().token), "+OK|");
}

TEST_F(PubsubCommandsTest, BoundsTheSubscriptionsOfOneClient) {
  const auto client = connect();
  for (std::size_t i = 0; i < kMaxSubscriptions; ++i) ask(client, {"PSUBSCRIBE", std::to_string(i)});
  EXPECT_EQ(ask(client, {"SUBSCRIBE", "one more"}), "-ERR more than 128 subscriptions of one client|");
  EXPECT_EQ(published(client, "one more", "x"), "");
}

TEST_F(PubsubCommandsTest, BoundsThePatternsOfAllClients) {
  ConnectionId client{};
  for (std::size_t i = 0; i < kMaxPatterns; ++i) {
    if (i % kMaxSubscriptions == 0) client = connect();
    ask(client, {"PSUBSCRIBE", std::to_string(i)});
  }
  const auto late = connect();
  EXPECT_EQ(ask(late, {"PSUBSCRIBE", "one more"}), "-ERR more than 10000 patterns of all clients|");
  EXPECT_EQ(ask(late, {"PSUBSCRIBE", "0"}), "*3|$10|psubscribe|$1|0|:1|") << "one that is listened to already";
  EXPECT_EQ(ask(late, {"SUBSCRIBE", "a"}), "*3|$9|subscribe|$1|a|:2|");
  sessions().closed(client);
  EXPECT_EQ(ask(connect(), {"PSUBSCRIBE", "*"}), "*3|$10|psubscribe|$1|*|:1|");
}

TEST_F(PubsubCommandsTest, BoundsTheLengthOfAName) {
  const auto client = connect();
  EXPECT_EQ(ask(client, {"SUBSCRIBE", std::string(kMaxTopicBytes, 'a')}).substr(0, 3), "*3|");
  EXPECT_EQ(ask(client, {"SUBSCRIBE", std::string(kMaxTopicBytes + 1, 'a')}), "-ERR more than 256 bytes in a name|");
}

TEST_F(PubsubCommandsTest, TakesHellosAndNothingElse) {
  const auto client = connect();
  EXPECT_EQ(ask(client, {"PUBLISH", "a", "b"}), "-ERR Only HELLO messages are accepted by Sentinel instances.|");
  EXPECT_EQ(ask(client, {"PUBLISH", "__sentinel__:hello", "nonsense"}), ":1|");
  EXPECT_TRUE(node.inputs.empty());
  const std::string id(40, 'a');
  EXPECT_EQ(ask(client, {"PUBLISH", "__sentinel__:hello", "10.0.0.9,26379," + id + ",7,mymaster,10.0.0.1,6379,3"}),
            ":1|");
  const auto& hello = ordered<core::HelloReceived>().hello;
  EXPECT_EQ(hello.sender_id.hex, id);
  EXPECT_EQ(hello.primary_name, "mymaster");
  EXPECT_EQ(hello.config_epoch, Epoch{3});
}

}  // namespace
}  // namespace vedette::node
