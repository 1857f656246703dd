// Where the hellos of a server are heard: on its one link, or on a second.
#include "node/hello_channel.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/link_world.h"

namespace vedette::node {
namespace {

using Resp3Offer = testing::LinksTest;

constexpr const char* kSubscribe = "*2|$9|SUBSCRIBE|$18|__sentinel__:hello|";

// `marker` is that of an array, or of a push.
std::string message(char marker, const std::string& text) {
  return fmt::format("{}3\r\n$7\r\nmessage\r\n$18\r\n__sentinel__:hello\r\n${}\r\n{}\r\n", marker, text.size(), text);
}

std::string hello_of(char digit) {
  return fmt::format("10.0.0.12,26379,{},5,mymaster,10.0.0.1,6379,4", std::string(40, digit));
}

class OneLink : public testing::LinksTest {
 protected:
  void SetUp() override { connection = watch_new_server(); }
  ConnectionId connection{};
};

TEST_F(Resp3Offer, OnceTakenLeadsToASubscriptionOnTheSameLink) {
  const ConnectionId connection = watch_server();
  EXPECT_EQ(network.take(connection), "*3|$6|CLIENT|$7|SETNAME|$21|sentinel-aaaaaaaa-cmd|*2|$5|HELLO|$1|3|");
  links.received(now, connection, std::string("+OK\r\n") + kTakesResp3);
  EXPECT_EQ(network.take(connection), kSubscribe);
  EXPECT_EQ(links.pending_commands(kServer), 1U);
  links.received(now, connection, kSubscribed);
  EXPECT_EQ(links.pending_commands(kServer), 0U);
  EXPECT_EQ(network.dialled.size(), 1U);
}

TEST_F(OneLink, TellsHellosAndRepliesApart) {
  links.carry_out(now, core::SendPing{kServer});
  links.carry_out(now, core::SendInfo{kServer});
  links.received(now, connection, message('>', hello_of('b')) + "+PONG\r\n" + message('>', hello_of('c')));
  links.received(now, connection, "=12\r\ntxt:role:x\r\n\r\n" + message('>', hello_of('d')));
  ASSERT_EQ(facts.size(), 5U);
  EXPECT_EQ(std::get<core::HelloReceived>(facts[0]).hello.sender_id, RunId{std::string(40, 'b')});
  EXPECT_EQ(std::get<core::PingReplied>(facts[1]).reply, proto::PingReply::kPong);
  EXPECT_EQ(std::get<core::HelloReceived>(facts[2]).hello.sender_id, RunId{std::string(40, 'c')});
  EXPECT_EQ(std::get<core::InfoReplied>(facts[3]).text, "role:x\r\n");
  EXPECT_EQ(std::get<core::HelloReceived>(facts[4]).hello.sender_id, RunId{std::string(40, 'd')});
}

TEST_F(OneLink, IgnoresPushesThatAreNoHello) {
  links.carry_out(now, core::SendPing{kServer});
  links.received(now, connection, message('>', "nobody") + ">1\r\n+x\r\n>0\r\n" + kSubscribed);
  EXPECT_TRUE(facts.empty());
  EXPECT_EQ(links.pending_commands(kServer), 1U);
  links.received(now, connection, "+PONG\r\n");
  EXPECT_EQ(last_fact<core::PingReplied>().reply, proto::PingReply::kPong);
}

// It may have been refused: by a script that ran, or by rights that are there again.
TEST_F(OneLink, IsSubscribedAgainWhenNothingIsHeard) {
  EXPECT_EQ(links.next_deadline(), now + kMaxHelloSilence);
  now += 2s;
  links.received(now, connection, message('>', hello_of('b')));
  now += kMaxHelloSilence - 2s;
  links.on_timer(now);
  EXPECT_EQ(network.take(connection), "") << "the silence has begun anew";
  EXPECT_EQ(links.next_deadline(), now + 2s);
  now += 2s;
  links.on_timer(now);
  EXPECT_EQ(network.take(connection), kSubscribe);
  EXPECT_EQ(links.next_deadline(), now + kMaxHelloSilence);
  links.received(now, connection, kSubscribed);
  EXPECT_TRUE(owns(connection));
  EXPECT_EQ(links.pending_commands(kServer), 0U);
}

TEST_F(OneLink, IsNegotiatedAnewWheneverItIsMade) {
  now += kLastingLink;
  links.closed(now, connection, core::LinkFault::kReset);
  links.on_timer(now);
  const ConnectionId downgraded = network.latest();
  links.connected(now, downgraded, {"10.0.0.9", 40002});
  const ConnectionId hellos = turn_hello_down(downgraded);
  EXPECT_NE(hellos, downgraded);
  now += kLastingLink;
  links.closed(now, downgraded, core::LinkFault::kReset);
  links.on_timer(now);
  EXPECT_TRUE(owns(hellos)) << "until it is known that it needs none";
  links.connected(now, network.latest(), {"10.0.0.9", 40003});
  links.received(now, network.latest(), std::string("+OK\r\n") + kTakesResp3);
  EXPECT_EQ(network.closed, std::vector{hellos});
  EXPECT_FALSE(owns(hellos));
}

// It would send messages as if they were replies.
TEST_F(Resp3Offer, IsNotRepeatedToAServerThatHasNoPushes) {
  const ConnectionId connection = watch_server();
  links.received(now, connection, std::string("+OK\r\n") + kTakesResp3);
  links.received(now, connection, "*3\r\n$9\r\nsubscribe\r\n$18\r\n__sentinel__:hello\r\n:1\r\n");
  EXPECT_FALSE(owns(connection));
  now = *links.next_deadline();
  links.on_timer(now);
  const ConnectionId next = network.latest();
  links.connected(now, next, {"10.0.0.9", 40001});
  EXPECT_EQ(network.take(next), "*3|$6|CLIENT|$7|SETNAME|$21|sentinel-aaaaaaaa-cmd|");
  links.on_timer(now);
  EXPECT_NE(network.latest(), next) << "one for hellos";
}

TEST_F(Resp3Offer, IsRefusedByAnAnswerInTheOldProtocol) {
  const ConnectionId connection = watch_server();
  links.received(now, connection, "+OK\r\n*2\r\n$5\r\nproto\r\n:2\r\n");
  links.on_timer(now);
  EXPECT_NE(network.latest(), connection);
}

class TwoLinks : public testing::LinksTest {
 protected:
  void SetUp() override { connection = watch_old_server(); }
  ConnectionId connection{};
};

TEST_F(TwoLinks, AreThereWhereHelloIsNotKnown) {
  EXPECT_EQ(network.take(connection),
            std::string("*3|$6|CLIENT|$7|SETNAME|$24|sentinel-aaaaaaaa-pubsub|") + kSubscribe);
  EXPECT_TRUE(owns(network.dialled[0].first));
}

TEST_F(TwoLinks, TellWhatIsHeard) {
  links.received(now, connection, message('*', hello_of('b')));
  EXPECT_EQ(last_fact<core::HelloReceived>().hello.sender_id, RunId{std::string(40, 'b')});
}

TEST_F(TwoLinks, IgnoreWhatIsNoHello) {
  links.received(now, connection, message('*', "10.0.0.12,26379,nobody") + message('*', ""));
  links.received(now, connection, ":1\r\n*1\r\n+x\r\n");
  EXPECT_TRUE(facts.empty());
  EXPECT_TRUE(owns(connection));
}

TEST_F(TwoLinks, AreMadeAnewWhenNothingIsHeard) {
  EXPECT_EQ(links.next_deadline(), now + kMaxHelloSilence);
  now += 2s;
  links.received(now, connection, message('*', hello_of('b')));
  now += kMaxHelloSilence - 2s;
  links.on_timer(now);
  EXPECT_TRUE(owns(connection)) << "the silence has begun anew";
  EXPECT_EQ(links.next_deadline(), now + 2s);
  now += 2s;
  links.on_timer(now);
  EXPECT_EQ(network.closed.back(), connection);
  EXPECT_FALSE(owns(connection));
}

}  // namespace
}  // namespace vedette::node
