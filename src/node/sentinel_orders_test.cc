// SENTINEL subcommands that change something.

#include <gtest/gtest.h>

#include "node/sentinel_command.h"
#include "tests/support/sentinel_state.h"
#include "tests/support/serving.h"

namespace vedette::node {
namespace {

class SentinelOrdersTest : public vedette::testing::ServingTest {
 protected:
  SentinelOrdersTest() { node.the_state = vedette::testing::healthy_state(now); }

  std::string ask_sentinel(std::initializer_list<std::string_view> words) {
    if (!client_) client_ = connect();
    std::vector<std::string> request{"SENTINEL"};
    request.insert(request.end(), words.begin(), words.end());
    std::string bytes;
    resp::append_request(bytes, request);
    return send(*client_, bytes);
  }
  template <typename Order>
  std::string confirm_order(std::int64_t count = 0) {
    return confirm(*client_, ordered<Order>().token, Ok{}, count);
  }

  std::optional<ConnectionId> client_;
};

// --- Questions of peers ---------------------------------------------------------------------------------------------

TEST_F(SentinelOrdersTest, PassesAQuestionOnAndTheAnswerBack) {
  const std::string candidate(40, '3');
  EXPECT_EQ(ask_sentinel({"IS-MASTER-DOWN-BY-ADDR", "10.0.0.1", "6379", "7", candidate}), "");
  const auto& question = ordered<core::PeerAsked>();
  EXPECT_EQ(question.primary, (Address{"10.0.0.1", 6379}));
  EXPECT_EQ(question.epoch, Epoch{7});
  EXPECT_EQ(question.candidate, RunId{candidate});
  EXPECT_EQ(question.asker, std::nullopt);
  sessions().answer(now, core::AnswerPeer{question.token, {true, RunId{candidate}, Epoch{7}}});
  EXPECT_EQ(vedette::testing::on_one_line(take(*client_)), "*3|:1|$40|" + candidate + "|:7|");
}

TEST_F(SentinelOrdersTest, KnowsAQuestionThatWantsNoVote) {
  for (const char* no_candidate : {"*", "foo", ""}) {
    ask_sentinel({"IS-PRIMARY-DOWN-BY-ADDR", "10.0.0.1", "6379", "7", no_candidate});
    const auto& question = ordered<core::PeerAsked>();
    EXPECT_EQ(question.candidate, std::nullopt) << no_candidate;
    sessions().answer(now, core::AnswerPeer{question.token, {}});
    EXPECT_EQ(vedette::testing::on_one_line(take(*client_)), "*3|:0|$1|*|:0|");
  }
}

TEST_F(SentinelOrdersTest, RefusesNumbersThatAreNone) {
  const std::string_view error = "-ERR value is not an integer or out of range|";
  EXPECT_EQ(ask_sentinel({"IS-MASTER-DOWN-BY-ADDR", "10.0.0.1", "x", "0", "*"}), error);
  EXPECT_EQ(ask_sentinel({"IS-MASTER-DOWN-BY-ADDR", "10.0.0.1", "6379", "x", "*"}), error);
  EXPECT_TRUE(node.inputs.empty());
}

TEST_F(SentinelOrdersTest, AsksAboutNothingWhenThePortOrEpochCannotBe) {
  ask_sentinel({"IS-MASTER-DOWN-BY-ADDR", "10.0.0.1", "72915", "-1", "*"});  // 72915 = 65536 + 7379
  EXPECT_EQ(ordered<core::PeerAsked>().primary.port, 0);
  EXPECT_EQ(ordered<core::PeerAsked>().epoch, Epoch{0});
}

TEST_F(SentinelOrdersTest, KnowsWhichPeerAsksByTheNameOfItsConnectionAndItsAddress) {
  client_ = connect({"10.0.0.8", 50000});
  ask(*client_, {"CLIENT", "SETNAME", "sentinel-22222222-cmd"});
  ask_sentinel({"IS-MASTER-DOWN-BY-ADDR", "10.0.0.1", "6379", "7", "*"});
  EXPECT_EQ(ordered<core::PeerAsked>().asker, vedette::testing::kPeerId);
}

TEST_F(SentinelOrdersTest, TakesNobodyElseForAPeer) {
  const Address right{"10.0.0.8", 50000};
  const auto identify = [this](std::string_view name, const Address& remote) {
    return sentinel::identify_peer(node.the_state, name, remote);
  };
  EXPECT_TRUE(identify("sentinel-22222222-cmd", right));
  EXPECT_FALSE(identify("sentinel-22222222-cmd", {"10.0.0.9", 50000}));
  for (const char* name : {"", "sentinel-", "sentinel-2222222-cmd", "sentinel-22222223-cmd", "sentinel-22222222",
                           "sentinel-222222222-cmd", "22222222-cmd"}) {
    EXPECT_FALSE(identify(name, right)) << name;
  }
}

TEST_F(SentinelOrdersTest, TakesNeitherOfTwoPeersThatLookAlike) {
  core::State& state = node.the_state;
  core::Peer twin = state.peers.at(state.peers_by_run_id.at(vedette::testing::kPeerId));
  twin.id = InstanceId{99};
  twin.run_id.hex.back() = '3';
  state.peers.emplace(twin.id, twin);
  EXPECT_FALSE(sentinel::identify_peer(state, "sentinel-22222222-cmd", {"10.0.0.8", 50000}));
}

// --- Orders ---------------------------------------------------------------------------------------------------------

TEST_F(SentinelOrdersTest, MonitorsAPrimary) {
  EXPECT_EQ(ask_sentinel({"MONITOR", "other", "10.0.0.7", "6380", "3"}), "");
  const auto& order = ordered<core::Monitor>();
  EXPECT_EQ(order.name, "other");
  EXPECT_EQ(order.address, (Address{"10.0.0.7", 6380}));
  EXPECT_EQ(order.quorum, 3U);
  EXPECT_EQ(confirm_order<core::Monitor>(), "+OK|");
}

TEST_F(SentinelOrdersTest, RefusesToMonitorWhatCannotBe) {
  const auto monitor = [this](std::string_view name, std::string_view host, std::string_view port,
                              std::string_view quorum) {
    return ask_sentinel({"MONITOR", name, host, port, quorum});
  };
  EXPECT_EQ(monitor("a", "nosuch", "x", "y"), "-ERR Invalid quorum|");
  EXPECT_EQ(monitor("a", "nosuch", "x", "9999999999999"), "-ERR Invalid quorum|");
  EXPECT_EQ(monitor("a", "nosuch", "x", "0"), "-ERR Invalid port|");
  EXPECT_EQ(monitor("a", "nosuch", "99999", "0"), "-ERR Quorum must be 1 or greater.|");
  EXPECT_EQ(monitor("a", "nosuch", "99999", "-1"), "-ERR Quorum must be 1 or greater.|");
  EXPECT_EQ(monitor("a", "nosuch", "99999", "1"), "-ERR Invalid IP address or hostname specified|");
  EXPECT_EQ(monitor("a", "localhost", "1", "1"), "-ERR Invalid IP address or hostname specified|");
  EXPECT_EQ(monitor("a", "", "1", "1"), "-ERR Invalid IP address or hostname specified|");
  EXPECT_EQ(monitor("a", "10.0.0.1", "99999", "1"), "-ERR Invalid port number.|");
  EXPECT_EQ(monitor("a", "10.0.0.1", "0", "1"), "-ERR Invalid port number.|");
  for (const char* name : {"", "a b", "a,b", "a\nb"}) {
    EXPECT_EQ(monitor(name, "10.0.0.1", "1", "1").substr(0, 5), "-ERR ") << name;
  }
  EXPECT_TRUE(node.inputs.empty());
}

TEST_F(SentinelOrdersTest, MonitorsHostNamesWhereTheyAreAllowed) {
  node.the_state.names.naming.resolve = true;
  ask_sentinel({"MONITOR", "other", "redis-0.redis", "6379", "1"});
  EXPECT_EQ(ordered<core::Monitor>().address.host, "redis-0.redis");
}

TEST_F(SentinelOrdersTest, BoundsTheNumberOfPrimaries) {
  const core::Primary& one = node.the_state.primaries.at("mymaster");
  for (std::size_t i = 1; i < conf::kMaxPrimaries; ++i) node.the_state.primaries.emplace(std::to_string(i), one);
  EXPECT_EQ(ask_sentinel({"MONITOR", "a", "10.0.0.1", "1", "1"}),
            "-ERR 10000 masters are monitored, and that is the limit|");
}

TEST_F(SentinelOrdersTest, PassesOrdersOnAndTheAnswersBack) {
  EXPECT_EQ(ask_sentinel({"REMOVE", "mymaster"}), "");
  EXPECT_EQ(ordered<core::Remove>().name, "mymaster");
  EXPECT_EQ(confirm_order<core::Remove>(), "+OK|");
  ask_sentinel({"FAILOVER", "mymaster"});
  const Error refusal{"INPROG Failover already in progress"};
  EXPECT_EQ(confirm(*client_, ordered<core::FailoverNow>().token, refusal), "-INPROG Failover already in progress|");
  ask_sentinel({"RESET", "my*"});
  EXPECT_EQ(ordered<core::Reset>().pattern, "my*");
  EXPECT_EQ(confirm_order<core::Reset>(1), ":1|");
  ask_sentinel({"FLUSHCONFIG"});
  EXPECT_EQ(confirm_order<core::Flush>(), "+OK|");
}

// --- SET ------------------------------------------------------------------------------------------------------------

TEST_F(SentinelOrdersTest, SetsSeveralOptionsAtOnce) {
  auto& before = node.the_state.primaries.at("mymaster").settings;
  before.auth_user = "watcher";
  EXPECT_EQ(ask_sentinel({"SET", "mymaster", "quorum", "3", "Down-After-Milliseconds", "5000", "rename-command",
                          "config", "hidden", "auth-pass", "pw"}),
            "");
  const auto& order = ordered<core::Set>();
  EXPECT_EQ(order.name, "mymaster");
  EXPECT_EQ(order.settings.quorum, 3U);
  EXPECT_EQ(order.settings.down_after, 5000ms);
  EXPECT_EQ(order.settings.auth_pass, "pw");
  EXPECT_EQ(order.settings.auth_user, "watcher");
  EXPECT_EQ(order.settings.renamed_commands, (std::map<std::string, std::string>{{"CONFIG", "hidden"}}));
  const std::vector<std::pair<std::string, std::string>> announced{
      {"quorum", "3"}, {"Down-After-Milliseconds", "5000"}, {"rename-command", "config hidden"}, {"auth-pass", "pw"}};
  EXPECT_EQ(order.options, announced);
  EXPECT_EQ(confirm_order<core::Set>(), "+OK|");
}

TEST_F(SentinelOrdersTest, SetsNothingAtAllIfOneOptionIsWrong) {
  EXPECT_EQ(ask_sentinel({"SET", "mymaster", "quorum", "3", "parallel-syncs", "x"}),
            "-ERR Invalid argument 'x' for SENTINEL SET 'parallel-syncs'|");
  EXPECT_EQ(ask_sentinel({"SET", "mymaster", "quorum", "3", "foo", "bar"}),
            "-ERR Unknown option or number of arguments for SENTINEL SET 'foo'|");
  EXPECT_EQ(ask_sentinel({"SET", "mymaster", "quorum", "3", "x"}),
            "-ERR Unknown option or number of arguments for SENTINEL SET 'x'|");
  EXPECT_EQ(ask_sentinel({"SET", "mymaster", "rename-command", "x"}),
            "-ERR Unknown option or number of arguments for SENTINEL SET 'rename-command'|");
  EXPECT_EQ(ask_sentinel({"SET", "nope", "quorum", "2"}), "-ERR No such master with that name|");
  EXPECT_TRUE(node.inputs.empty());
}

TEST_F(SentinelOrdersTest, NamesTheValueThatIsWrong) {
  const auto set = [this](std::initializer_list<std::string_view> change) {
    std::vector<std::string> words{"SENTINEL", "SET", "mymaster"};
    words.insert(words.end(), change.begin(), change.end());
    std::string bytes;
    resp::append_request(bytes, words);
    return send(connect(), bytes);
  };
  for (const char* option : {"quorum", "down-after-milliseconds", "failover-timeout", "parallel-syncs"}) {
    for (const char* value : {"0", "-1", "x", "", "99999999999999999999"}) {
      EXPECT_EQ(set({option, value}),
                "-ERR Invalid argument '" + std::string(value) + "' for SENTINEL SET '" + option + "'|");
    }
  }
  EXPECT_EQ(set({"master-reboot-down-after-period", "-1"}),
            "-ERR Invalid argument '-1' for SENTINEL SET 'master-reboot-down-after-period'|");
  EXPECT_EQ(set({"rename-command", "", "foo"}), "-ERR Invalid argument '' for SENTINEL SET 'rename-command'|");
  EXPECT_EQ(set({"rename-command", "config", ""}), "-ERR Invalid argument '' for SENTINEL SET 'rename-command'|");
}

TEST_F(SentinelOrdersTest, SetsScriptsOnlyWhereThatIsAllowed) {
  const std::string_view denied =
      "-ERR Reconfiguration of scripts path is denied for security reasons. Check the deny-scripts-reconfig "
      "configuration directive in your Sentinel configuration|";
  EXPECT_EQ(ask_sentinel({"SET", "mymaster", "notification-script", "/bin/true"}), denied);
  EXPECT_EQ(ask_sentinel({"SET", "mymaster", "client-reconfig-script", "/bin/true"}), denied);
  EXPECT_TRUE(node.inputs.empty());
}

TEST_F(SentinelOrdersTest, SetsScripts) {
  settings.deny_scripts_reconfig = false;
  node.runner.executable = {"/notify", "/reconfig"};
  ask_sentinel({"SET", "mymaster", "notification-script", "/notify"});
  EXPECT_EQ(ordered<core::Set>().settings.notification_script, "/notify");
}

TEST_F(SentinelOrdersTest, UnsetsScriptsByAnEmptyPath) {
  settings.deny_scripts_reconfig = false;
  node.the_state.primaries.at("mymaster").settings.notification_script = "/notify";
  ask_sentinel({"SET", "mymaster", "notification-script", ""});
  EXPECT_EQ(ordered<core::Set>().settings.notification_script, "");
}

TEST_F(SentinelOrdersTest, SetsNoScriptThatCannotBeExecuted) {
  settings.deny_scripts_reconfig = false;
  node.runner.executable = {"/notify"};
  const std::string_view wrong = "-ERR Client reconfiguration script seems non existing or non executable|";
  EXPECT_EQ(ask_sentinel({"SET", "mymaster", "Client-Reconfig-Script", "/reconfig"}), wrong);
  EXPECT_EQ(ask_sentinel({"SET", "mymaster", "notification-script", "/notify", "client-reconfig-script", "/reconfig"}),
            wrong);
  EXPECT_EQ(ask_sentinel({"SET", "mymaster", "notification-script", "/reconfig"}),
            "-ERR Notification script seems non existing or non executable|");
  EXPECT_TRUE(node.inputs.empty());
}

}  // namespace
}  // namespace vedette::node
