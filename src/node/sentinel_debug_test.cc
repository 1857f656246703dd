// SENTINEL DEBUG and SIMULATE-FAILURE.

#include <gtest/gtest.h>

#include "conf/model.h"
#include "tests/support/serving.h"

namespace vedette::node {
namespace {

class SentinelDebugTest : public vedette::testing::ServingTest {
 protected:
  std::string debug(std::initializer_list<std::string_view> words) {
    std::vector<std::string> request{"SENTINEL", "DEBUG"};
    request.insert(request.end(), words.begin(), words.end());
    std::string bytes;
    resp::append_request(bytes, request);
    return send(client_, bytes);
  }
  ConnectionId client_ = connect();
};

TEST_F(SentinelDebugTest, ShowsTheTimingInMilliseconds) {
  EXPECT_EQ(debug({}),
            "*26|$11|INFO-PERIOD|$5|10000|$11|PING-PERIOD|$4|1000|$10|ASK-PERIOD|$4|1000|$14|PUBLISH-PERIOD|$4|2000|"
            "$18|DEFAULT-DOWN-AFTER|$5|30000|$24|DEFAULT-FAILOVER-TIMEOUT|$6|180000|$12|TILT-TRIGGER|$4|2000|"
            "$11|TILT-PERIOD|$5|30000|$20|SLAVE-RECONF-TIMEOUT|$5|10000|$25|MIN-LINK-RECONNECT-PERIOD|$5|15000|"
            "$16|ELECTION-TIMEOUT|$5|10000|$18|SCRIPT-MAX-RUNTIME|$5|60000|$18|SCRIPT-RETRY-DELAY|$5|30000|");
  ask(client_, {"HELLO", "3"});
  EXPECT_EQ(debug({}).substr(0, 4), "%13|");
}

TEST_F(SentinelDebugTest, ChangesAllOrNothing) {
  EXPECT_EQ(debug({"ping-period", "100", "ELECTION-TIMEOUT", "500"}), "+OK|");
  const core::Timing timing = ordered<core::SetTiming>().timing;
  EXPECT_EQ(timing.ping_period, 100ms);
  EXPECT_EQ(timing.election_timeout, 500ms);
  EXPECT_EQ(timing.info_period, core::Timing().info_period);
  node.inputs.clear();
  EXPECT_EQ(debug({"ping-period", "100", "info-period", "x"}),
            "-ERR Invalid argument 'x' for SENTINEL DEBUG 'info-period'|");
  EXPECT_TRUE(node.inputs.empty());
}

TEST_F(SentinelDebugTest, RefusesWhatItDoesNotKnow) {
  const std::string unknown = "-ERR Unknown option or number of arguments for SENTINEL DEBUG ";
  EXPECT_EQ(debug({"foo"}), unknown + "'foo'|");
  EXPECT_EQ(debug({"foo", "1"}), unknown + "'foo'|");
  EXPECT_EQ(debug({"info-period"}), unknown + "'info-period'|");
  EXPECT_EQ(debug({"info-period", "1", "ask-period"}), unknown + "'ask-period'|");
  const std::string too_long = std::to_string(conf::kMaxPeriod.count() + 1);
  for (const std::string& value : {std::string("0"), std::string("-1"), std::string("1.5"), too_long}) {
    EXPECT_EQ(debug({"info-period", value}), "-ERR Invalid argument '" + value + "' for SENTINEL DEBUG 'info-period'|");
  }
  EXPECT_TRUE(node.inputs.empty());
}

TEST_F(SentinelDebugTest, SimulatesFailures) {
  EXPECT_EQ(ask(client_, {"SENTINEL", "SIMULATE-FAILURE", "crash-after-election", "Crash-After-Promotion"}), "+OK|");
  EXPECT_TRUE(ordered<core::SimulateFailure>().after_election);
  EXPECT_TRUE(ordered<core::SimulateFailure>().after_promotion);
  node.inputs.clear();
  EXPECT_EQ(ask(client_, {"SENTINEL", "SIMULATE-FAILURE", "crash-after-election", "nope"}),
            "-ERR Unknown failure simulation specified|");
  EXPECT_TRUE(node.inputs.empty());
}

TEST_F(SentinelDebugTest, EndsSimulatedFailuresWithHelp) {
  EXPECT_EQ(ask(client_, {"SENTINEL", "SIMULATE-FAILURE", "help"}),
            "*2|$20|crash-after-election|$21|crash-after-promotion|");
  EXPECT_FALSE(ordered<core::SimulateFailure>().after_election);
  EXPECT_FALSE(ordered<core::SimulateFailure>().after_promotion);
}

}  // namespace
}  // namespace vedette::node
