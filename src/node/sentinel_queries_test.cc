// SENTINEL subcommands that only look.

#include <gtest/gtest.h>

#include "tests/support/sentinel_state.h"
#include "tests/support/serving.h"

namespace vedette::node {
namespace {

class SentinelQueriesTest : public vedette::testing::ServingTest {
 protected:
  SentinelQueriesTest() {
    node.the_state = vedette::testing::healthy_state(now);
    node.addresses["mymaster"] = {"10.0.0.2", 6379};
  }
  core::Primary& primary() { return node.the_state.primaries.at("mymaster"); }
  std::string ask_sentinel(std::initializer_list<std::string_view> words) {
    std::vector<std::string> request{"SENTINEL"};
    request.insert(request.end(), words.begin(), words.end());
    std::string bytes;
    resp::append_request(bytes, request);
    return send(client_, bytes);
  }

  ConnectionId client_ = connect();
};

constexpr std::string_view kNoSuchMaster = "-ERR No such master with that name|";

TEST_F(SentinelQueriesTest, ShowPrimariesUnderBothSpellings) {
  const std::string one = ask_sentinel({"MASTER", "mymaster"});
  EXPECT_EQ(one.substr(0, 24), "*40|$4|name|$8|mymaster|");
  EXPECT_EQ(ask_sentinel({"PRIMARY", "mymaster"}), one);
  EXPECT_EQ(ask_sentinel({"MASTERS"}), "*1|" + one);
  EXPECT_EQ(ask_sentinel({"PRIMARIES"}), "*1|" + one);
  EXPECT_EQ(ask_sentinel({"MASTER", "MyMaster"}), kNoSuchMaster) << "names have a case";
}

TEST_F(SentinelQueriesTest, ShowMapsInResp3) {
  ask(client_, {"HELLO", "3"});
  EXPECT_EQ(ask_sentinel({"MASTERS"}).substr(0, 27), "*1|%20|$4|name|$8|mymaster|");
  EXPECT_EQ(ask_sentinel({"SENTINELS", "mymaster"}).substr(0, 7), "*1|%14|");
}

TEST_F(SentinelQueriesTest, ShowReplicasButThoseThatDoNotWantToBeShown) {
  const std::string both = ask_sentinel({"REPLICAS", "mymaster"});
  EXPECT_EQ(both.substr(0, 2), "*2");
  EXPECT_EQ(ask_sentinel({"SLAVES", "mymaster"}), both);
  primary().replicas.at({"10.0.0.2", 6379}).server.info.announced = false;
  const std::string one = ask_sentinel({"REPLICAS", "mymaster"});
  EXPECT_EQ(one.substr(0, 34), "*1|*42|$4|name|$13|10.0.0.3:6379|$");
  EXPECT_EQ(ask_sentinel({"REPLICAS", "nope"}), kNoSuchMaster);
}

TEST_F(SentinelQueriesTest, ShowSentinels) {
  EXPECT_EQ(ask_sentinel({"SENTINELS", "mymaster"}).substr(0, 15), "*1|*28|$4|name|");
  EXPECT_EQ(ask_sentinel({"SENTINELS", "nope"}), kNoSuchMaster);
}

TEST_F(SentinelQueriesTest, TellClientsWhereThePrimaryIs) {
  EXPECT_EQ(ask_sentinel({"GET-MASTER-ADDR-BY-NAME", "mymaster"}), "*2|$8|10.0.0.2|$4|6379|");
  EXPECT_EQ(ask_sentinel({"get-primary-addr-by-name", "mymaster"}), "*2|$8|10.0.0.2|$4|6379|");
  EXPECT_EQ(ask_sentinel({"GET-MASTER-ADDR-BY-NAME", "nope"}), "*-1|");
  ask(client_, {"HELLO", "3"});
  EXPECT_EQ(ask_sentinel({"GET-MASTER-ADDR-BY-NAME", "nope"}), "_|");
}

TEST_F(SentinelQueriesTest, CountUsableSentinels) {
  EXPECT_EQ(ask_sentinel({"CKQUORUM", "mymaster"}),
            "+OK 2 usable Sentinels. Quorum and failover authorization can be reached|");
  primary().settings.quorum = 3;
  const std::string no_quorum = "Not enough available Sentinels to reach the specified quorum for this master";
  EXPECT_EQ(ask_sentinel({"CKQUORUM", "mymaster"}), "-NOQUORUM 2 usable Sentinels. " + no_quorum + "|");
  primary().sentinels.at(vedette::testing::kPeerId).subjectively_down_since = now;
  const std::string no_majority = "Not enough available Sentinels to reach the majority and authorize a failover";
  EXPECT_EQ(ask_sentinel({"CKQUORUM", "mymaster"}),
            "-NOQUORUM 1 usable Sentinels. " + no_quorum + ". " + no_majority + "|");
  primary().settings.quorum = 1;
  EXPECT_EQ(ask_sentinel({"CKQUORUM", "mymaster"}), "-NOQUORUM 1 usable Sentinels. " + no_majority + "|");
  EXPECT_EQ(ask_sentinel({"CKQUORUM", "nope"}), kNoSuchMaster);
}

TEST_F(SentinelQueriesTest, KeepTheLastInfo) {
  EXPECT_EQ(ask_sentinel({"INFO-CACHE", "nope"}), "*0|");
  node.info_texts[vedette::testing::kPrimaryInstance] = "INFO of 10.0.0.1:6379";
  node.info_texts[vedette::testing::kFirstReplica] = "INFO of 10.0.0.2:6379";
  primary().replicas.at({"10.0.0.3", 6379}).server.info_received_at.reset();
  EXPECT_EQ(ask_sentinel({"INFO-CACHE", "nope", "mymaster", "mymaster"}),
            "*2|$8|mymaster|*3|*2|:4000|$21|INFO of 10.0.0.1:6379|*2|:4000|$21|INFO of 10.0.0.2:6379|*2|:0|$-1|");
}

TEST_F(SentinelQueriesTest, TellWhichScriptsRunOrWait) {
  EXPECT_EQ(ask_sentinel({"PENDING-SCRIPTS"}), "*0|");
  Scripts& scripts = node.the_scripts;
  scripts.carry_out(now, core::RunScript{"/reconfig", {{"PRIMARY", "mymaster"}}});
  scripts.carry_out(now, core::RunScript{"/notify", {{"EVENT", "+sdown"}, {"MESSAGE", "text"}}});
  scripts.started(now, ScriptRun{1}, 4711);
  scripts.ended(now, ScriptRun{2}, {.status = 1});
  now += 1500ms;
  EXPECT_EQ(ask_sentinel({"PENDING-SCRIPTS"}),
            "*2|*10|$4|argv|*2|$9|/reconfig|$8|mymaster|$5|flags|$7|running|$3|pid|$4|4711|$8|run-time|$4|1500|"
            "$9|retry-num|$1|1|*10|$4|argv|*3|$7|/notify|$6|+sdown|$4|text|$5|flags|$9|scheduled|$3|pid|$1|0|"
            "$9|run-delay|$5|28500|$9|retry-num|$1|1|");
  ask(client_, {"HELLO", "3"});
  EXPECT_EQ(ask_sentinel({"PENDING-SCRIPTS"}).substr(0, 16), "*2|%5|$4|argv|*2");
  EXPECT_NE(ask(client_, {"INFO", "sentinel"}).find("sentinel_running_scripts:1|sentinel_scripts_queue_length:2|"),
            std::string::npos);
}

TEST_F(SentinelQueriesTest, TellWhoWeAre) {
  EXPECT_EQ(ask_sentinel({"MYID"}), "$40|" + std::string(40, '1') + "|");
  EXPECT_EQ(ask(client_, {"ROLE"}), "*2|$8|sentinel|*1|$8|mymaster|");
}

}  // namespace
}  // namespace vedette::node
