// PING, HELLO, AUTH, QUIT, RESET.

#include <gtest/gtest.h>

#include "tests/support/serving.h"

namespace vedette::node {
namespace {

class ConnectionCommandsTest : public vedette::testing::ServingTest {};

constexpr std::string_view kWrongPassword = "-WRONGPASS invalid username-password pair or user is disabled.|";

TEST_F(ConnectionCommandsTest, PingRepliesOrEchoes) {
  const auto client = connect();
  EXPECT_EQ(ask(client, {"PING"}), "+PONG|");
  EXPECT_EQ(ask(client, {"PING", "hi there"}), "$8|hi there|");
  EXPECT_EQ(send(client, "ping \"hello world\"\r\n"), "$11|hello world|");
  EXPECT_EQ(ask(client, {"PING", "a", "b"}), "-ERR wrong number of arguments for 'ping' command|");
}

TEST_F(ConnectionCommandsTest, PingLooksLikeAMessageToASubscriberThatSpeaksResp2) {
  const auto client = connect();
  ask(client, {"SUBSCRIBE", "a"});
  EXPECT_EQ(ask(client, {"PING"}), "*2|$4|pong|$0||");
  EXPECT_EQ(ask(client, {"PING", "x"}), "*2|$4|pong|$1|x|");
  ask(client, {"UNSUBSCRIBE"});
  ask(client, {"HELLO", "3"});
  ask(client, {"SUBSCRIBE", "a"});
  EXPECT_EQ(ask(client, {"PING"}), "+PONG|");
}

TEST_F(ConnectionCommandsTest, HelloSwitchesTheProtocol) {
  const auto client = connect();
  const std::string tail = "|$2|id|:1|$4|mode|$8|sentinel|$7|modules|*0|";
  const std::string head = "|$6|server|$5|redis|$7|version|$6|7.0.15|$5|proto|";
  EXPECT_EQ(ask(client, {"HELLO"}), "*12" + head + ":2" + tail);
  EXPECT_EQ(ask(client, {"HELLO", "3"}), "%6" + head + ":3" + tail);
  EXPECT_EQ(ask(client, {"HELLO"}), "%6" + head + ":3" + tail);
  EXPECT_EQ(ask(client, {"CLIENT", "GETNAME"}), "_|");
  EXPECT_EQ(ask(client, {"HELLO", "2", "setname", "abc"}), "*12" + head + ":2" + tail);
  EXPECT_EQ(ask(client, {"CLIENT", "GETNAME"}), "$3|abc|");
}

TEST_F(ConnectionCommandsTest, HelloRefusesWhatItDoesNotUnderstand) {
  const auto client = connect();
  EXPECT_EQ(ask(client, {"HELLO", "4"}), "-NOPROTO unsupported protocol version|");
  EXPECT_EQ(ask(client, {"HELLO", "x"}), "-ERR Protocol version is not an integer or out of range|");
  EXPECT_EQ(ask(client, {"HELLO", "3", "AUTH", "a"}), "-ERR Syntax error in HELLO option 'AUTH'|");
  EXPECT_EQ(ask(client, {"HELLO", "3", "FOO"}), "-ERR Syntax error in HELLO option 'FOO'|");
  EXPECT_EQ(ask(client, {"HELLO", "3", "SETNAME", "a b"}),
            "-ERR Client names cannot contain spaces, newlines or special characters.|");
  EXPECT_EQ(ask(client, {"PING"}), "+PONG|");
}

TEST_F(ConnectionCommandsTest, HelloAuthenticates) {
  users = acl::Users("secret");
  const auto client = connect();
  EXPECT_EQ(ask(client, {"HELLO", "3"}).substr(0, 13), "-NOAUTH HELLO");
  EXPECT_EQ(ask(client, {"HELLO", "9"}), "-NOPROTO unsupported protocol version|");
  EXPECT_EQ(ask(client, {"HELLO", "3", "AUTH", "default", "bad"}), kWrongPassword);
  EXPECT_EQ(ask(client, {"PING"}), "-NOAUTH Authentication required.|");
  EXPECT_EQ(ask(client, {"HELLO", "3", "AUTH", "default", "secret", "SETNAME", "x"}).substr(0, 2), "%6");
  EXPECT_EQ(ask(client, {"PING"}), "+PONG|");
}

TEST_F(ConnectionCommandsTest, AuthKnowsOneUser) {
  users = acl::Users("secret");
  const auto client = connect();
  EXPECT_EQ(ask(client, {"AUTH", "bad"}), kWrongPassword);
  EXPECT_EQ(ask(client, {"AUTH", ""}), kWrongPassword);
  EXPECT_EQ(ask(client, {"AUTH", "other", "secret"}), kWrongPassword);
  EXPECT_EQ(ask(client, {"AUTH", "a", "b", "c"}), "-ERR syntax error|");
  EXPECT_EQ(ask(client, {"AUTH", "default", "secret"}), "+OK|");
  EXPECT_EQ(ask(client, {"AUTH", "bad"}), kWrongPassword);
  EXPECT_EQ(ask(client, {"PING"}), "+PONG|") << "a failed attempt takes nothing away";
}

TEST_F(ConnectionCommandsTest, AuthWithoutAPasswordToCheckIsProbablyAMistake) {
  const auto client = connect();
  EXPECT_EQ(ask(client, {"AUTH", "x"}),
            "-ERR AUTH <password> called without any password configured for the default user. Are you sure your "
            "configuration is correct?|");
  EXPECT_EQ(ask(client, {"AUTH", "default", "x"}), "+OK|");
  EXPECT_EQ(ask(client, {"AUTH", "foo", "x"}), kWrongPassword);
}

TEST_F(ConnectionCommandsTest, QuitAnswersAndCloses) {
  users = acl::Users("secret");
  const auto client = connect();
  EXPECT_EQ(send(client, "QUIT\r\nPING\r\n"), "+OK|");
  EXPECT_EQ(network.closed.at(client), Close::kAfterSend);
}

TEST_F(ConnectionCommandsTest, ResetMakesTheConnectionAsGoodAsNew) {
  users = acl::Users("secret");
  const auto client = connect();
  ask(client, {"HELLO", "3", "AUTH", "default", "secret", "SETNAME", "x"});
  ask(client, {"PSUBSCRIBE", "*"});
  EXPECT_EQ(ask(client, {"RESET"}), "+RESET|");
  EXPECT_EQ(ask(client, {"PING"}), "-NOAUTH Authentication required.|");
  sessions().publish(now, "a", "b");
  EXPECT_EQ(take(client), "");
  EXPECT_EQ(ask(client, {"AUTH", "secret"}), "+OK|");
  EXPECT_EQ(ask(client, {"CLIENT", "GETNAME"}), "$-1|");
}

TEST_F(ConnectionCommandsTest, HttpGetsNoAnswer) {
  for (const char* http : {"POST / HTTP/1.1\r\nHost: x\r\n\r\nPING\r\n", "PING\r\nHost: x\r\nPING\r\n"}) {
    const auto client = connect();
    EXPECT_EQ(send(client, http), "");
    EXPECT_FALSE(is_open(client));
  }
}

}  // namespace
}  // namespace vedette::node
