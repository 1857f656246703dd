#include "node/links.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "tests/support/link_world.h"

namespace vedette::node {
namespace {

using Links = testing::LinksTest;

TEST_F(Links, APeerIsNotSubscribedTo) {
  const ConnectionId connection = watch(kPeer, core::InstanceKind::kSentinel).at(0);
  links.connected(now, connection, {"10.0.0.9", 40000});
  EXPECT_EQ(network.take(connection), "*3|$6|CLIENT|$7|SETNAME|$21|sentinel-aaaaaaaa-cmd|");
  EXPECT_EQ(last_fact<core::LinkUp>().instance, kPeer);
}

TEST_F(Links, IntroducesItselfWithThePrimarysCredentialsAndNames) {
  core::Primary& primary = state.primaries["mymaster"];
  primary.settings.auth_user = "watcher";
  primary.settings.auth_pass = "s3cret";
  primary.settings.renamed_commands = {{"AUTH", "LOGIN"}};
  const auto made = watch(kServer, core::InstanceKind::kPrimary);
  links.connected(now, made[0], {"10.0.0.9", 40000});
  EXPECT_EQ(network.take(made[0]),
            "*3|$5|LOGIN|$7|watcher|$6|s3cret|*3|$6|CLIENT|$7|SETNAME|$21|sentinel-aaaaaaaa-cmd|*2|$5|HELLO|$1|3|");
}

TEST_F(Links, ReconnectsAtOnceThenWithGrowingPauses) {
  watch(kPeer, core::InstanceKind::kSentinel);
  links.closed(now, network.latest(), core::LinkFault::kRefused);
  EXPECT_EQ(last_fact<core::LinkDown>().fault, core::LinkFault::kRefused);
  EXPECT_EQ(links.next_deadline(), now);  // at once

  Micros longest{0};
  for (int attempt = 0; attempt < 12; ++attempt) {
    now = *links.next_deadline();
    const std::size_t before = network.dialled.size();
    links.on_timer(now);
    ASSERT_EQ(network.dialled.size(), before + 1);
    links.closed(now, network.latest(), core::LinkFault::kRefused);
    const Micros pause = *links.next_deadline() - now;
    EXPECT_GE(pause, kMinReconnectPause / 2);
    EXPECT_LE(pause, kMaxReconnectPause);
    longest = std::max(longest, pause);
  }
  EXPECT_GE(longest, kMaxReconnectPause / 2);
  EXPECT_EQ(links.next_deadline()->time_since_epoch() % kReconnectBeat, Micros{0}) << "shared with other links";
}

TEST_F(Links, AttemptsThatAreFarApartAreMadeTogether) {
  constexpr std::uint64_t kServers = 100;
  for (std::uint64_t i = 0; i < kServers; ++i) {
    links.carry_out(now,
                    core::Watch{InstanceId{100 + i}, core::InstanceKind::kPrimary, {"10.0.0.1", 6379}, "mymaster"});
  }
  std::size_t refused = 0;
  std::set<Instant> awakenings;
  const Instant end = now + 20s;
  while (now < end) {
    now = std::max(now, *links.next_deadline());
    links.on_timer(now);
    if (end - now <= kMaxReconnectPause) awakenings.insert(now);
    for (; refused < network.dialled.size(); ++refused) {
      links.closed(now, network.dialled[refused].first, core::LinkFault::kRefused);
    }
  }
  EXPECT_LE(awakenings.size(), kMaxReconnectPause / kReconnectBeat + 1);
}

TEST_F(Links, MakesOnlySoManyAttemptsInOneTurn) {
  constexpr std::size_t kServers = node::Links::kActsInATurn + 1;
  for (std::size_t i = 0; i < kServers; ++i) {
    links.carry_out(now,
                    core::Watch{InstanceId{100 + i}, core::InstanceKind::kPrimary, {"10.0.0.1", 6379}, "mymaster"});
  }
  EXPECT_TRUE(network.dialled.empty());
  links.on_timer(now);
  EXPECT_EQ(network.dialled.size(), node::Links::kActsInATurn);
  ASSERT_LE(*links.next_deadline(), now);
  links.on_timer(now);
  EXPECT_EQ(network.dialled.size(), kServers);
  EXPECT_EQ(links.next_deadline(), std::nullopt);
}

TEST_F(Links, GivesAttemptsMoreTimeOneAfterTheOther) {
  watch(kPeer, core::InstanceKind::kSentinel);
  std::vector<Micros> timeouts{network.timeout};
  for (int attempt = 0; attempt < 4; ++attempt) {
    links.closed(now, network.latest(), core::LinkFault::kTimedOut);
    now = *links.next_deadline();
    links.on_timer(now);
    timeouts.push_back(network.timeout);
  }
  EXPECT_EQ(timeouts, (std::vector<Micros>{kMinConnectTimeout, 600ms, 1200ms, kMaxConnectTimeout, kMaxConnectTimeout}));
}

TEST_F(Links, ALinkThatDoesNotLastIsNoReasonToHurry) {
  watch(kPeer, core::InstanceKind::kSentinel);
  links.closed(now, network.latest(), core::LinkFault::kRefused);
  links.on_timer(now);
  links.connected(now, network.latest(), {"10.0.0.9", 40000});
  links.closed(now + 1ms, network.latest(), core::LinkFault::kReset);
  EXPECT_GT(*links.next_deadline(), now + 1ms);
}

TEST_F(Links, ALinkThatHasLastedIsMadeAnewAtOnce) {
  watch(kPeer, core::InstanceKind::kSentinel);
  links.closed(now, network.latest(), core::LinkFault::kRefused);
  links.on_timer(now);
  links.connected(now, network.latest(), {"10.0.0.9", 40000});
  now += kLastingLink;
  links.closed(now, network.latest(), core::LinkFault::kReset);
  EXPECT_EQ(links.next_deadline(), now);
}

TEST_F(Links, OtherCredentialsMakeTheLinksToPeersAnew) {
  const ConnectionId peer = watch_peer();
  const auto server = watch(kServer, core::InstanceKind::kPrimary);
  const Identity same{RunId{std::string(40, 'a')}, "10.0.0.9", 26379, "", ""};
  links.identify_as(now, same);
  EXPECT_TRUE(network.closed.empty());
  now += kLastingLink;
  links.identify_as(now, {same.id, same.announce_ip, same.port, "ann", "s3cret"});
  EXPECT_EQ(network.closed, std::vector{peer});
  links.on_timer(now);
  links.connected(now, network.latest(), {"10.0.0.9", 40001});
  EXPECT_EQ(network.take(network.latest()),
            "*3|$4|AUTH|$3|ann|$6|s3cret|*3|$6|CLIENT|$7|SETNAME|$21|sentinel-aaaaaaaa-cmd|");
  EXPECT_FALSE(owns(peer));
  EXPECT_TRUE(owns(server[0]));
}

TEST_F(Links, TellWhatTheyAreAndWhatIsInThem) {
  EXPECT_EQ(links.memory().count, 0U);
  const ConnectionId peer = watch_peer();
  watch_old_server();  // with a link of its own for the hellos
  EXPECT_EQ(links.memory().count, 3U);
  EXPECT_GE(links.memory().bytes, 2 * sizeof(CommandLink) + sizeof(HelloLink));
  EXPECT_EQ(links.buffers().count, 0U) << "all is answered";
  links.received(now, peer, "$2000\r\n" + std::string(1000, 'x'));
  links.carry_out(now, core::SendPing{kServer});
  EXPECT_EQ(links.buffers().count, 2U) << "of the one a part has come, of the other an answer is waited for";
  EXPECT_GE(links.buffers().bytes, 1000U);
  links.carry_out(now, core::Unwatch{kPeer});
  EXPECT_EQ(links.memory().count, 2U);
  EXPECT_EQ(links.buffers().count, 1U);
}

TEST_F(Links, TellsRepliesApartByTheirOrder) {
  const ConnectionId connection = watch_peer();
  links.carry_out(now, core::SendPing{kPeer});
  links.carry_out(now, core::AskPeer{kPeer, "mymaster", {"10.0.0.1", 6379}, Epoch{7}, RunId{std::string(40, 'a')}});
  links.carry_out(now, core::SendPing{kPeer});
  EXPECT_EQ(links.pending_commands(kPeer), 3U);

  links.received(now, connection, "+PONG\r\n*3\r\n:1\r\n$1\r\n*\r\n:0\r\n-LOADING wait\r\n");
  ASSERT_EQ(facts.size(), 3U);
  EXPECT_EQ(std::get<core::PingReplied>(facts[0]).reply, proto::PingReply::kPong);
  const auto& answer = std::get<core::PeerAnswered>(facts[1]);
  EXPECT_EQ(answer.primary, "mymaster");
  EXPECT_EQ(answer.about, (Address{"10.0.0.1", 6379}));
  EXPECT_EQ(answer.candidacy, Epoch{7});
  EXPECT_TRUE(answer.reply.down);
  EXPECT_EQ(std::get<core::PingReplied>(facts[2]).reply, proto::PingReply::kLoading);
  EXPECT_EQ(links.pending_commands(kPeer), 0U);
}

TEST_F(Links, AQuestionForAnOpinionIsNoCandidacy) {
  const ConnectionId connection = watch_peer();
  links.carry_out(now, core::AskPeer{kPeer, "mymaster", {"10.0.0.1", 6379}, Epoch{7}, std::nullopt});
  links.received(now, connection, "*3\r\n:0\r\n$1\r\n*\r\n:0\r\n");
  EXPECT_EQ(last_fact<core::PeerAnswered>().candidacy, Epoch{0});
}

// A script that does not end, or an administrator who forbids it.
TEST_F(Links, TellsThatInfoWasRefused) {
  const ConnectionId connection = watch_new_server();
  links.carry_out(now, core::SendInfo{kServer});
  links.received(now, connection, "-BUSY Redis is busy running a script.\r\n");
  EXPECT_EQ(last_fact<core::InfoRefused>().instance, kServer);
}

TEST_F(Links, GivesUpALinkThatDoesNotSpeakTheProtocol) {
  const ConnectionId connection = watch_peer();
  links.received(now, connection, "HTTP/1.1 400 Bad Request\r\n");
  EXPECT_EQ(last_fact<core::LinkDown>().fault, core::LinkFault::kProtocol);
  EXPECT_EQ(network.closed.back(), connection);
  EXPECT_FALSE(owns(connection));
}

TEST_F(Links, GivesUpALinkThatAnswersWhatWasNotAsked) {
  const ConnectionId connection = watch_peer();
  links.received(now, connection, "+PONG\r\n");
  EXPECT_EQ(last_fact<core::LinkDown>().fault, core::LinkFault::kProtocol);
}

TEST_F(Links, GivesUpALinkThatTakesNothingAnyMore) {
  const ConnectionId connection = watch_peer();
  network.unsent = kMaxUnsentLinkBytes;
  links.carry_out(now, core::SendPing{kPeer});
  EXPECT_EQ(last_fact<core::LinkDown>().fault, core::LinkFault::kSilent);
  EXPECT_FALSE(owns(connection));
  EXPECT_TRUE(links.next_deadline().has_value());  // a new one is scheduled
}

TEST_F(Links, SendsNoMoreThanItsLimitWithoutAnswers) {
  watch_peer();
  for (std::size_t i = 0; i < kMaxPendingCommands + 10; ++i) links.carry_out(now, core::SendPing{kPeer});
  EXPECT_EQ(links.pending_commands(kPeer), kMaxPendingCommands);
}

TEST_F(Links, UnwatchingClosesEverything) {
  const ConnectionId hellos = watch_old_server();
  links.carry_out(now, core::Unwatch{kServer});
  EXPECT_EQ(network.closed, (std::vector{network.dialled[0].first, hellos}));
  EXPECT_EQ(links.next_deadline(), std::nullopt);
  links.carry_out(now, core::SendPing{kServer});  // too late, and no harm
}

TEST_F(Links, RelinkingMovesToTheNewAddress) {
  const ConnectionId before = watch_peer();
  links.carry_out(now, core::Relink{kPeer, {"10.0.0.77", 26379}, core::LinkFault::kConnecting});
  links.on_timer(now);
  EXPECT_FALSE(owns(before));
  EXPECT_EQ(network.dialled.back().second, (Address{"10.0.0.77", 26379}));
}

TEST_F(Links, SaysHelloFromTheAddressOfItsOwnEnd) {
  const ConnectionId connection = watch_peer();
  links.carry_out(now, core::SendHello{kPeer, "mymaster", Epoch{3}, {{"10.0.0.1", 6379}, Epoch{2}}});
  const std::string sent = network.take(connection);
  EXPECT_NE(sent.find("10.0.0.9,26379," + std::string(40, 'a') + ",3,mymaster,10.0.0.1,6379,2"), std::string::npos)
      << sent;
}

// --- Changing a server's role ---------------------------------------------------------------------------------------

class RoleChange : public testing::LinksTest {
 protected:
  void SetUp() override {
    connection = watch_new_server();
    links.carry_out(now, core::Reconfigure{kServer, std::nullopt});
  }
  ConnectionId connection{};
};

TEST_F(RoleChange, IsOneTransaction) {
  const std::string sent = network.take(connection);
  EXPECT_EQ(sent,
            "*1|$5|MULTI|*3|$7|SLAVEOF|$2|NO|$3|ONE|*2|$6|CONFIG|$7|REWRITE|*4|$6|CLIENT|$4|KILL|$4|TYPE|$6|normal|"
            "*4|$6|CLIENT|$4|KILL|$4|TYPE|$6|pubsub|*1|$4|EXEC|");
  links.received(now, connection, "+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n");
  EXPECT_TRUE(facts.empty());
  links.received(now, connection, "*4\r\n+OK\r\n-ERR The server is running without a config file\r\n:1\r\n:0\r\n");
  EXPECT_TRUE(last_fact<core::ReconfigureReplied>().accepted);
}

// kvrocks and dragonfly know no CLIENT KILL TYPE, which fails the whole transaction there.
TEST_F(RoleChange, IsToldPlainlyWhereTheTransactionFails) {
  network.take(connection);
  links.received(now, connection, "+OK\r\n+QUEUED\r\n+QUEUED\r\n-ERR syntax error\r\n-ERR syntax error\r\n");
  links.received(now, connection, "-EXECABORT Transaction discarded because of previous errors.\r\n");
  EXPECT_EQ(network.take(connection).substr(0, 31), "*3|$7|SLAVEOF|$2|NO|$3|ONE|*2|$");
  EXPECT_TRUE(facts.empty());
  links.received(now, connection, "+OK\r\n");
  EXPECT_TRUE(last_fact<core::ReconfigureReplied>().accepted);
  links.received(now, connection, "+OK\r\n-ERR syntax error\r\n-ERR syntax error\r\n");
  EXPECT_EQ(links.pending_commands(kServer), 0U);
}

// Without the right to EXEC, whatever else is sent on this connection would only be queued.
TEST_F(RoleChange, LeavesATransactionThatCannotBeExecuted) {
  network.take(connection);
  links.received(now, connection, "+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n-NOPERM no\r\n");
  EXPECT_EQ(network.take(connection).substr(0, 45), "*1|$7|DISCARD|*3|$7|SLAVEOF|$2|NO|$3|ONE|*2|$");
  links.received(now, connection, "+OK\r\n+OK\r\n");
  EXPECT_TRUE(last_fact<core::ReconfigureReplied>().accepted);
  links.carry_out(now, core::Reconfigure{kServer, std::nullopt});
  EXPECT_EQ(network.take(connection).substr(0, 23), "*3|$7|SLAVEOF|$2|NO|$3|");
}

TEST_F(RoleChange, MakesALinkAnewThatIsStuckInATransaction) {
  links.received(now, connection, "+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n-NOPERM no\r\n");
  links.received(now, connection, "-NOPERM no\r\n+QUEUED\r\n");
  EXPECT_FALSE(owns(connection));
}

TEST_F(RoleChange, ReportsARefusal) {
  links.received(now, connection, "+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n");
  links.received(now, connection, "*4\r\n-NOPERM no\r\n+OK\r\n:1\r\n:0\r\n");
  EXPECT_FALSE(last_fact<core::ReconfigureReplied>().accepted);
}

// --- Host names -----------------------------------------------------------------------------------------------------

class NamedLinks : public testing::LinksTest {
 protected:
  ConnectionId watch_named(InstanceId id) { return watch(id, core::InstanceKind::kReplica, "db1.example").at(0); }
  void lead(const std::vector<std::string>& ips) {
    names.resolved(now, "db1.example", ips);
    follow_changes();
  }
  void follow_changes() {
    for (const NameBook::Change& change : names.take_changes()) links.readdress(now, change.users);
    links.on_timer(now);
  }
  std::string dialled_host(std::size_t from_the_end = 1) {
    return network.dialled[network.dialled.size() - from_the_end].second.host;
  }
};

TEST_F(NamedLinks, AreMadeAsSoonAsTheNameLeadsSomewhere) {
  const ConnectionId made = watch_named(kServer);
  EXPECT_EQ(dialled_host(), "db1.example") << "the network will say that this is no address";
  links.closed(now, made, core::LinkFault::kUnresolved);
  lead({"10.0.0.1"});
  EXPECT_EQ(dialled_host(), "10.0.0.1");
}

TEST_F(NamedLinks, TellNamesThatNobodyAnswersForFromThoseThatDoNotExist) {
  links.closed(now, watch_named(kServer), core::LinkFault::kUnresolved);
  EXPECT_EQ(last_fact<core::LinkDown>().fault, core::LinkFault::kNoNameServer);
  lead({});
  links.on_timer(now);
  links.closed(now, network.latest(), core::LinkFault::kUnresolved);
  EXPECT_EQ(last_fact<core::LinkDown>().fault, core::LinkFault::kUnresolved);
}

TEST_F(NamedLinks, TryTheNextAddressWhenOneFails) {
  watch_named(kServer);
  lead({"2001:db8::1", "10.0.0.1"});
  links.closed(now, network.latest(), core::LinkFault::kUnreachable);
  links.on_timer(now);
  EXPECT_EQ(dialled_host(), "10.0.0.1");
}

TEST_F(NamedLinks, FollowTheNameToItsNewAddress) {
  watch_named(kServer);
  lead({"10.0.0.1"});
  const ConnectionId commands = network.latest();
  links.connected(now, commands, {"10.0.0.9", 40000});
  turn_hello_down(commands);
  const std::size_t before = network.dialled.size();
  follow_changes();
  EXPECT_EQ(network.dialled.size(), before) << "it is where it was";
  facts.clear();
  lead({"10.0.0.2"});
  EXPECT_EQ(last_fact<core::LinkDown>().instance, kServer);
  EXPECT_EQ(dialled_host(2), "10.0.0.2");
  EXPECT_EQ(dialled_host(1), "10.0.0.2");
}

TEST_F(NamedLinks, ThatAreNotWantedAnyMoreAreNotFollowed) {
  watch_named(kServer);
  links.carry_out(now, core::Unwatch{kServer});
  const std::size_t before = network.dialled.size();
  lead({"10.0.0.1"});
  EXPECT_EQ(network.dialled.size(), before);
}

// --- Rights ---------------------------------------------------------------------------------------------------------

TEST_F(Links, AMissingRightIsToldOnceWithTheRuleThatMendsIt) {
  state.primaries["mymaster"].settings.auth_user = "watcher";
  state.primaries["mymaster"].settings.auth_pass = "secret";
  const auto made = watch(kServer, core::InstanceKind::kPrimary);
  links.connected(now, made[0], {"10.0.0.9", 40000});
  const std::string refusal = "-NOPERM this user has no permissions to run the 'client|setname' command\r\n";
  links.received(now, made[0], "+OK\r\n" + refusal + kKnowsNoHello);
  links.on_timer(now);
  const ConnectionId hellos = network.latest();
  links.connected(now, hellos, {"10.0.0.9", 40001});
  logger.lines.erase(logger.lines.begin() + 1);  // that there will be two links
  links.received(now, hellos, "+OK\r\n" + refusal);
  ASSERT_EQ(logger.lines.size(), 1U);
  EXPECT_EQ(logger.lines[0].second,
            "10.0.0.1:6379 does not allow its user 'watcher' the command 'client|setname', which a sentinel needs. To "
            "allow it, run there: ACL SETUSER watcher +client|setname");
  links.received(now, hellos,
                 "-NOPERM this user has no permissions to access one of the channels used as arguments\r\n");
  ASSERT_EQ(logger.lines.size(), 2U);
  EXPECT_NE(logger.lines[1].second.find("ACL SETUSER watcher &__sentinel__:hello"), std::string::npos);
}

TEST_F(Links, NoRightToSpeakResp3IsNeeded) {
  const ConnectionId connection = watch_server();
  links.received(now, connection, "+OK\r\n-NOPERM this user has no permissions to run the 'hello' command\r\n");
  links.on_timer(now);
  ASSERT_EQ(logger.lines.size(), 1U);
  EXPECT_EQ(logger.lines[0].first, core::Level::kVerbose);
  EXPECT_EQ(network.dialled.size(), 2U);
}

TEST_F(Links, AChannelThatIsRefusedIsTriedAgain) {
  const ConnectionId connection = watch_server();
  links.received(now, connection, std::string("+OK\r\n") + kTakesResp3);
  links.received(now, connection, "-NOPERM this user has no permissions to access one of the channels\r\n");
  EXPECT_EQ(logger.lines.size(), 1U);
  now += kMaxHelloSilence;
  links.on_timer(now);
  links.received(now, connection, "-BUSY Redis is busy running a script.\r\n");
  EXPECT_EQ(logger.lines.size(), 2U);
  EXPECT_TRUE(owns(connection));
  EXPECT_EQ(network.dialled.size(), 1U);
}

TEST_F(Links, ARightThatWasThereInBetweenIsToldAgainWhenItIsMissing) {
  const auto connection = watch_peer();
  for (const char* reply : {"-NOPERM\r\n", "-NOPERM\r\n", "+PONG\r\n", "-NOPERM\r\n"}) {
    links.carry_out(now, core::SendPing{kPeer});
    links.received(now, connection, reply);
  }
  ASSERT_EQ(logger.lines.size(), 2U);
  EXPECT_NE(logger.lines[1].second.find("ACL SETUSER default +ping"), std::string::npos);
}

TEST(MissingRights, AreNamedAsRulesNameThem) {
  EXPECT_EQ(right_for({"SLAVEOF", "NO", "ONE"}, {}), "+slaveof");
  EXPECT_EQ(right_for({"CLIENT", "KILL", "TYPE", "normal"}, {}), "+client|kill");
  EXPECT_EQ(right_for({"SENTINEL", "is-master-down-by-addr"}, {}), "+sentinel|is-master-down-by-addr");
  EXPECT_EQ(right_for({"hidden", "REWRITE"}, {{"CONFIG", "hidden"}}), "+config|rewrite");
}

}  // namespace
}  // namespace vedette::node
