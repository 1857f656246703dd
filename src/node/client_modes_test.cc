#include <gtest/gtest.h>

#include "tests/support/serving.h"

namespace vedette::node {
namespace {

class ClientModesTest : public vedette::testing::ServingTest {
 protected:
  // All of these in one go.
  std::string pipeline(ConnectionId client, std::initializer_list<std::string_view> lines) {
    std::string bytes;
    for (const std::string_view line : lines) bytes += std::string(line) + "\r\n";
    return send(client, bytes);
  }
};

TEST_F(ClientModesTest, RepliesAreOnlySaidToThoseWhoWantThem) {
  EXPECT_EQ(pipeline(connect(), {"CLIENT REPLY OFF", "PING", "FOO", "CLIENT REPLY ON", "PING a"}), "+OK|$1|a|");
  EXPECT_EQ(pipeline(connect(), {"CLIENT REPLY SKIP", "PING", "PING b"}), "$1|b|");
  EXPECT_EQ(pipeline(connect(), {"CLIENT REPLY SKIP", "CLIENT REPLY SKIP", "PING b", "PING c"}), "$1|c|");
  EXPECT_EQ(pipeline(connect(), {"CLIENT REPLY OFF", "CLIENT REPLY SKIP", "PING b", "PING c"}), "");
  EXPECT_EQ(pipeline(connect(), {"CLIENT REPLY SKIP", "CLIENT REPLY ON", "PING b"}), "+OK|$1|b|");
  EXPECT_EQ(pipeline(connect(), {"CLIENT REPLY MAYBE"}), "-ERR syntax error|");
}

TEST_F(ClientModesTest, MessagesAreNoReplies) {
  const auto client = connect();
  EXPECT_EQ(pipeline(client, {"CLIENT REPLY OFF", "SUBSCRIBE x"}), "*3|$9|subscribe|$1|x|:1|");
  sessions().publish(now, "x", "text");
  EXPECT_EQ(vedette::testing::on_one_line(take(client)), "*3|$7|message|$1|x|$4|text|");
}

TEST_F(ClientModesTest, AnUnwantedAnswerOfTheCoreIsNotSaidEither) {
  const auto client = connect();
  EXPECT_EQ(pipeline(client, {"CLIENT REPLY SKIP", "SENTINEL RESET *", "PING"}), "");
  EXPECT_EQ(confirm(client, ordered<core::Reset>().token, Ok{}, 1), "+PONG|");
}

TEST_F(ClientModesTest, APauseHoldsUpEveryoneUntilItsEnd) {
  const auto ann = connect();
  const auto bob = connect();
  EXPECT_EQ(pipeline(ann, {"CLIENT PAUSE 500", "PING"}), "+OK|");
  EXPECT_EQ(ask(bob, {"CLIENT", "UNPAUSE"}), "");
  EXPECT_EQ(sessions().next_deadline(), now + 500ms);
  now += 499ms;
  sessions().on_timer(now);
  EXPECT_EQ(take(bob), "");
  now += 1ms;
  sessions().on_timer(now);
  EXPECT_EQ(take(ann), "+PONG\r\n");
  EXPECT_EQ(take(bob), "+OK\r\n");
  EXPECT_EQ(ask(ann, {"PING"}), "+PONG|");
}

TEST_F(ClientModesTest, APauseIsNoIdleness) {
  settings.client_timeout = Seconds(1);
  const auto client = connect();
  ask(client, {"CLIENT", "PAUSE", "5000"});
  now += 5s;
  sessions().on_timer(now);
  EXPECT_TRUE(is_open(client));
  now += 3s;
  sessions().on_timer(now);
  EXPECT_FALSE(is_open(client));
}

TEST_F(ClientModesTest, APauseIsNoOccasionToFillMemory) {
  const auto client = connect();
  ask(client, {"CLIENT", "PAUSE", "500"});
  send(client, std::string(kMaxWaitingBytes, 'x'));
  EXPECT_TRUE(is_open(client));
  send(client, "x");
  EXPECT_FALSE(is_open(client));
}

TEST_F(ClientModesTest, APauseOfWritesPausesNothing) {
  const auto client = connect();
  EXPECT_EQ(ask(client, {"CLIENT", "PAUSE", "500", "write"}), "+OK|");
  EXPECT_EQ(ask(client, {"PING"}), "+PONG|");
}

TEST_F(ClientModesTest, RefuseWhatTheyDoNotUnderstand) {
  const auto client = connect();
  EXPECT_EQ(ask(client, {"CLIENT", "PAUSE", "x"}), "-ERR timeout is not an integer or out of range|");
  EXPECT_EQ(ask(client, {"CLIENT", "PAUSE", "-1"}), "-ERR timeout is negative|");
  EXPECT_EQ(ask(client, {"CLIENT", "PAUSE", "1", "FOO"}), "-ERR CLIENT PAUSE mode must be WRITE or ALL|");
  EXPECT_EQ(ask(client, {"CLIENT", "PAUSE", "1", "ALL", "x"}),
            "-ERR unknown subcommand or wrong number of arguments for 'PAUSE'. Try CLIENT HELP.|");
  EXPECT_EQ(ask(client, {"CLIENT", "UNBLOCK", "1", "FOO"}), "-ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR|");
  EXPECT_EQ(ask(client, {"CLIENT", "UNBLOCK", "x"}), "-ERR value is not an integer or out of range|");
  EXPECT_EQ(ask(client, {"CLIENT", "UNBLOCK", "1", "ERROR"}), ":0|");
  EXPECT_EQ(ask(client, {"CLIENT", "NO-EVICT", "foo"}), "-ERR syntax error|");
  EXPECT_EQ(ask(client, {"CLIENT", "NO-EVICT", "on"}), "+OK|");
  EXPECT_NE(ask(client, {"CLIENT", "INFO"}).find(" flags=e "), std::string::npos);
}

}  // namespace
}  // namespace vedette::node
