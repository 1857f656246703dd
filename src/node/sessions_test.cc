#include "node/sessions.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/serving.h"

namespace vedette::node {
namespace {

using SessionsTest = vedette::testing::ServingTest;

// --- Who is served --------------------------------------------------------------------------------------------------

TEST_F(SessionsTest, ProtectedModeKeepsOtherMachinesOutWhileThereIsNoPassword) {
  settings.protected_mode = true;
  const auto stranger = connect({"10.0.0.9", 40000});
  EXPECT_EQ(take(stranger).substr(0, 51), "-DENIED Redis is running in protected mode because ");
  EXPECT_EQ(network.closed.at(stranger), Close::kAfterSend);
  EXPECT_EQ(sessions().counters().rejected, 1U);
  for (const Address& here : {Address{"127.0.0.1", 40000}, Address{"::1", 40000}, Address{"/run/sentinel.sock", 0}}) {
    EXPECT_EQ(ask(connect(here), {"PING"}), "+PONG|") << here.host;
  }
}

TEST_F(SessionsTest, ProtectedModeServesAllOnceThereIsAPassword) {
  settings.protected_mode = true;
  sessions().users() = acl::Users("secret");
  EXPECT_EQ(ask(connect(), {"AUTH", "secret"}), "+OK|");
}

// --- The order of replies -------------------------------------------------------------------------------------------

TEST_F(SessionsTest, SendsTheRepliesOfABatchTogether) {
  const auto client = connect();
  EXPECT_EQ(send(client, "PING\r\nPING a\r\n*1\r\n$4\r\nPING\r\n"), "+PONG|$1|a|+PONG|");
  EXPECT_EQ(network.sends[client], 1);
}

TEST_F(SessionsTest, AnswersARequestThatComesInPieces) {
  const auto client = connect();
  EXPECT_EQ(send(client, "*1\r\n$4\r\nPI"), "");
  EXPECT_EQ(send(client, "NG\r\nPIN"), "+PONG|");
  EXPECT_EQ(send(client, "G\r\n"), "+PONG|");
}

TEST_F(SessionsTest, HoldsBackWhatFollowsARequestThatTheCoreHasToAnswer) {
  const auto client = connect();
  const auto other = connect();
  EXPECT_EQ(send(client, "PING\r\nSENTINEL FLUSHCONFIG\r\nPING a\r\n"), "+PONG|");
  EXPECT_EQ(send(client, "PING b\r\n"), "");
  EXPECT_EQ(send(other, "PING\r\n"), "+PONG|");
  EXPECT_EQ(confirm(client, ordered<core::Flush>().token), "+OK|$1|a|$1|b|");
}

TEST_F(SessionsTest, AsksTheNextQuestionOnceTheFirstIsAnswered) {
  const auto client = connect();
  send(client, "SENTINEL FLUSHCONFIG\r\nSENTINEL FLUSHCONFIG\r\n");
  ASSERT_EQ(node.inputs.size(), 1U);
  const AnswerToken first = ordered<core::Flush>().token;
  EXPECT_EQ(confirm(client, first), "+OK|");
  ASSERT_EQ(node.inputs.size(), 2U);
  EXPECT_NE(ordered<core::Flush>().token, first);
  EXPECT_EQ(confirm(client, ordered<core::Flush>().token, Error{"ERR no room"}), "-ERR no room|");
}

// --- Questions of peers ---

class QuestionsOfAPeer : public SessionsTest {
 protected:
  static std::string question(int epoch) {
    return fmt::format("SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 6379 {} {}\r\n", epoch, std::string(40, 'a'));
  }
  AnswerToken token_of(std::size_t number) { return std::get<core::PeerAsked>(node.inputs.at(number)).token; }
  void answer(std::size_t number) {
    sessions().answer(now, core::AnswerPeer{token_of(number), {true, std::nullopt, Epoch{number}}});
  }
  std::string said_to(ConnectionId client) { return vedette::testing::on_one_line(take(client)); }
};

// So that one save serves the votes on many primaries.
TEST_F(QuestionsOfAPeer, AreAskedTogetherAndAnsweredInTheirOrder) {
  const auto peer = connect();
  EXPECT_EQ(send(peer, question(1) + "PING a\r\n" + question(2) + "PING b\r\n"), "");
  ASSERT_EQ(node.inputs.size(), 2U);
  answer(1);
  EXPECT_EQ(said_to(peer), "") << "the first is not answered yet";
  answer(0);
  EXPECT_EQ(said_to(peer), "*3|:1|$1|*|:0|$1|a|*3|:1|$1|*|:1|$1|b|");
}

TEST_F(QuestionsOfAPeer, AreFollowedByAnOrderThatHoldsUpWhatComesThen) {
  const auto peer = connect();
  send(peer, question(1) + "SENTINEL FLUSHCONFIG\r\n" + question(2));
  ASSERT_EQ(node.inputs.size(), 2U);
  sessions().answer(now, core::AnswerOrder{std::get<core::Flush>(node.inputs[1]).token, Ok{}, 0});
  EXPECT_EQ(node.inputs.size(), 3U);
  EXPECT_EQ(said_to(peer), "");
  answer(0);
  EXPECT_EQ(said_to(peer), "*3|:1|$1|*|:0|+OK|");
}

TEST_F(QuestionsOfAPeer, AreAnsweredBeforeItIsSaidGoodbye) {
  const auto peer = connect();
  EXPECT_EQ(send(peer, question(1) + "QUIT\r\n"), "");
  EXPECT_TRUE(is_open(peer));
  answer(0);
  EXPECT_EQ(said_to(peer), "*3|:1|$1|*|:0|+OK|");
  EXPECT_FALSE(is_open(peer));
}

TEST_F(QuestionsOfAPeer, LetMessagesPass) {
  const auto peer = connect();
  send(peer, "HELLO 3\r\nSUBSCRIBE +set\r\n" + question(1));
  sessions().publish(now, "+set", "x");
  EXPECT_EQ(said_to(peer), ">3|$7|message|$4|+set|$1|x|");
}

TEST_F(QuestionsOfAPeer, AreAskedUpToALimit) {
  const auto peer = connect();
  std::string all;
  for (std::size_t i = 0; i < kMaxAwaitedAnswers + 1; ++i) {
    all += question(1);
    if (all.size() < kMaxWaitingBytes / 2) continue;
    send(peer, std::exchange(all, {}));
  }
  send(peer, all);
  EXPECT_EQ(node.inputs.size(), kMaxAwaitedAnswers);
  answer(0);
  EXPECT_EQ(node.inputs.size(), kMaxAwaitedAnswers + 1);
}

// A core that answers at once, within the call in which it is asked, and announces something first.
class HastyOrders final : public Orders {
 public:
  void submit(Instant now, const core::Input& input) override {
    sessions->publish(now, "+set", "something");
    sessions->answer(now, core::AnswerOrder{std::get<core::Flush>(input).token, Ok{}, 0});
  }
  void configure(Instant, const conf::Configuration&) override {}
  void read_acl_file(AnswerToken) override {}
  void write_acl_file(AnswerToken, std::string) override {}
  void shut_down() override {}
  Sessions* sessions = nullptr;
};

TEST_F(SessionsTest, TakesAnAnswerWithinTheQuestion) {
  HastyOrders orders;
  Sessions hasty(node, orders, network, logger, rng, users, settings, facts, StartTime{now, start});
  orders.sessions = &hasty;
  constexpr ConnectionId kClient{7};
  hasty.accept(now, kClient, {"10.0.0.9", 1}, {"10.0.0.1", 26379});
  hasty.receive(now, kClient, "HELLO 3\r\nSUBSCRIBE +set\r\n");
  take(kClient);
  hasty.receive(now, kClient, "SENTINEL FLUSHCONFIG\r\nSENTINEL FLUSHCONFIG\r\nPING\r\n");
  const std::string event = ">3|$7|message|$4|+set|$9|something|";
  EXPECT_EQ(vedette::testing::on_one_line(take(kClient)), event + "+OK|" + event + "+OK|+PONG|");
}

TEST_F(SessionsTest, ForgetsTheQuestionOfOneThatLeft) {
  const auto client = connect();
  send(client, "SENTINEL FLUSHCONFIG\r\n");
  sessions().closed(client);
  EXPECT_FALSE(is_open(client));
  EXPECT_EQ(confirm(client, ordered<core::Flush>().token), "");
}

// --- Ends -----------------------------------------------------------------------------------------------------------

TEST_F(SessionsTest, SaysWhatWasWrongWithTheProtocolAndCloses) {
  const auto client = connect();
  EXPECT_EQ(send(client, "PING\r\n*1\r\n:1\r\nPING\r\n"), "+PONG|-ERR Protocol error: expected '$', got ':'|");
  EXPECT_EQ(network.closed.at(client), Close::kAfterSend);
  EXPECT_FALSE(is_open(client));
  EXPECT_EQ(send(client, "PING\r\n"), "");
}

TEST_F(SessionsTest, IsStricterBeforeAuthentication) {
  users = acl::Users("secret");
  const auto many = connect();
  EXPECT_EQ(send(many, "*11\r\n"), "-ERR Protocol error: unauthenticated multibulk length|");
  const auto large = connect();
  EXPECT_EQ(send(large, "*1\r\n$16385\r\n"), "-ERR Protocol error: unauthenticated bulk length|");
  const auto friendly = connect();
  EXPECT_EQ(ask(friendly, {"AUTH", "secret"}), "+OK|");
  EXPECT_EQ(send(friendly, "*11\r\n$16385\r\n"), "");
  EXPECT_TRUE(is_open(friendly));
}

TEST_F(SessionsTest, ServesNoMoreThanMaxClients) {
  facts.max_clients = 2;
  const auto first = connect();
  connect();
  const auto third = connect();
  EXPECT_EQ(vedette::testing::on_one_line(take(third)), "-ERR max number of clients reached|");
  EXPECT_EQ(network.closed.at(third), Close::kAfterSend);
  EXPECT_FALSE(is_open(third));
  sessions().closed(first);
  EXPECT_EQ(ask(connect(), {"PING"}), "+PONG|");
}

TEST_F(SessionsTest, ClosesIdleClientsButNeitherSubscribersNorThoseWhoWaitForUs) {
  settings.client_timeout = Seconds(10);
  const auto idle = connect();
  const auto subscriber = connect();
  const auto waiting = connect();
  ask(subscriber, {"SUBSCRIBE", "+sdown"});
  ask(waiting, {"SENTINEL", "FLUSHCONFIG"});
  now += 10s;
  sessions().on_timer(now);
  EXPECT_TRUE(is_open(idle));
  ASSERT_TRUE(sessions().next_deadline());
  now = *sessions().next_deadline();
  sessions().on_timer(now);
  EXPECT_FALSE(is_open(idle));
  EXPECT_EQ(network.closed.at(idle), Close::kNow);
  EXPECT_TRUE(is_open(subscriber));
  EXPECT_TRUE(is_open(waiting));
}

TEST_F(SessionsTest, NeedsNoTimerWithoutATimeout) {
  connect();
  EXPECT_EQ(sessions().next_deadline(), std::nullopt);
}

// --- Limits ---------------------------------------------------------------------------------------------------------

TEST_F(SessionsTest, BoundsTheLengthOfARequest) {
  const auto client = connect();
  const auto header = [](std::size_t length) { return "*2\r\n$4\r\nPING\r\n$" + std::to_string(length) + "\r\n"; };
  EXPECT_EQ(send(client, header(kMaxArgumentBytes)), "");
  const auto too_long = connect();
  EXPECT_EQ(send(too_long, header(kMaxArgumentBytes + 1)), "-ERR Protocol error: invalid bulk length|");
  const auto too_many = connect();
  EXPECT_EQ(send(too_many, "*" + std::to_string(kMaxArguments + 1) + "\r\n"),
            "-ERR Protocol error: invalid multibulk length|");
}

TEST_F(SessionsTest, BoundsAMillionBytesWithoutALineEnd) {
  const auto client = connect();
  std::string reply;
  for (int i = 0; i < 1000 && is_open(client); ++i) reply = send(client, std::string(1000, 'a'));
  EXPECT_EQ(reply, "-ERR Protocol error: too big inline request|");
  EXPECT_FALSE(is_open(client));
}

TEST_F(SessionsTest, BoundsWhatWaitsBehindAnUnansweredRequest) {
  const auto client = connect();
  send(client, "SENTINEL FLUSHCONFIG\r\n");
  send(client, std::string(kMaxWaitingBytes, 'a'));
  EXPECT_TRUE(is_open(client));
  send(client, "a");
  EXPECT_FALSE(is_open(client));
  EXPECT_EQ(confirm(client, ordered<core::Flush>().token), "");
}

TEST_F(SessionsTest, BoundsRepliesThatAreNotRead) {
  const auto client = connect();
  network.unread[client] = kMaxUnsentBytes - 7;
  EXPECT_EQ(ask(client, {"PING"}), "+PONG|");
  network.unread[client] = kMaxUnsentBytes - 6;
  EXPECT_EQ(send(client, "PING\r\nPING\r\n"), "");
  EXPECT_EQ(network.closed.at(client), Close::kNow);
  ASSERT_FALSE(logger.lines.empty());
  EXPECT_EQ(logger.lines.back().first, core::Level::kWarning);
}

TEST_F(SessionsTest, BoundsRepliesToStrangersMoreTightly) {
  sessions().users() = acl::Users("secret");
  const auto client = connect();
  network.unread[client] = kMaxUnsentStrangerBytes - 100;
  EXPECT_EQ(ask(client, {"PING"}), "-NOAUTH Authentication required.|");
  network.unread[client] = kMaxUnsentStrangerBytes;
  EXPECT_EQ(ask(client, {"PING"}), "");
  EXPECT_FALSE(is_open(client));
}

TEST_F(SessionsTest, BoundsWhatEachClassOfClientsLeavesUnreadAsTheConfigurationSays) {
  settings.normal_limit.hard_bytes = 2000;
  settings.subscriber_limit.hard_bytes = 1000;
  const auto normal = connect();
  const auto listener = connect();
  ask(listener, {"SUBSCRIBE", "a"});
  network.unread[normal] = 1900;
  network.unread[listener] = 900;
  EXPECT_EQ(ask(normal, {"PING"}), "+PONG|");
  sessions().publish(now, "a", "x");
  EXPECT_TRUE(is_open(listener));
  network.unread[normal] = 2000;
  network.unread[listener] = 1000;
  ask(normal, {"PING"});
  sessions().publish(now, "a", "x");
  EXPECT_FALSE(is_open(normal));
  EXPECT_FALSE(is_open(listener));
}

TEST_F(SessionsTest, NoConfigurationAllowsMoreThanTheBoundForAll) {
  settings.subscriber_limit.hard_bytes = 2 * kMaxUnsentBytes;
  const auto client = connect();
  ask(client, {"SUBSCRIBE", "a"});
  network.unread[client] = kMaxUnsentBytes;
  sessions().publish(now, "a", "x");
  EXPECT_FALSE(is_open(client));
}

TEST_F(SessionsTest, GivesASlowReaderTheTimeThatTheConfigurationSays) {
  settings.subscriber_limit = {0, 1000, 60s};
  const auto client = connect();
  ask(client, {"SUBSCRIBE", "a"});
  const auto publish_with_unread = [&](std::size_t unread) {
    network.unread[client] = unread;
    sessions().publish(now, "a", "x");
  };
  publish_with_unread(1000);
  now += 59s;
  publish_with_unread(0);  // it has caught up
  publish_with_unread(1000);
  now += 59s;
  publish_with_unread(1000);
  EXPECT_TRUE(is_open(client));
  now += 1s;
  publish_with_unread(1000);
  EXPECT_FALSE(is_open(client));
}

TEST_F(SessionsTest, BoundsWhatAllClientsHoldTogether) {
  std::vector<ConnectionId> slow;
  for (std::size_t held = 0; held + kMaxUnsentBytes / 2 < kMaxHeldBytes; held += kMaxUnsentBytes / 2) {
    slow.push_back(connect());
    network.unread[slow.back()] = kMaxUnsentBytes / 2;
    ask(slow.back(), {"PING"});
  }
  const auto last = connect();
  network.unread[last] = kMaxUnsentBytes / 2 + 1;
  ask(last, {"PING"});
  EXPECT_FALSE(is_open(last));
  for (const auto client : slow) EXPECT_TRUE(is_open(client));

  network.unread.clear();  // the others have read it all: there is room again
  const auto next = connect();
  network.unread[next] = kMaxUnsentBytes / 2;
  EXPECT_EQ(ask(next, {"PING"}), "+PONG|");
  EXPECT_TRUE(is_open(next));
}

TEST_F(SessionsTest, SurvivesManyIdleClients) {
  for (int i = 0; i < 9999; ++i) connect();
  EXPECT_EQ(ask(connect(), {"PING"}), "+PONG|");
  EXPECT_EQ(sessions().size(), 10000U);
}

}  // namespace
}  // namespace vedette::node
