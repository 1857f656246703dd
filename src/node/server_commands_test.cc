// INFO and SHUTDOWN.

#include <gtest/gtest.h>

#include "node/rate.h"
#include "tests/support/sentinel_state.h"
#include "tests/support/serving.h"

namespace vedette::node {
namespace {

class ServerCommandsTest : public vedette::testing::ServingTest {
 protected:
  ServerCommandsTest() {
    node.the_state = vedette::testing::healthy_state(now);
    facts.pid = 42;
    facts.executable = "/usr/bin/vedette";
    facts.config_file = "/etc/sentinel.conf";
    facts.os = "Linux 6.1.0 x86_64";
    facts.version = "1.2.3";
    facts.run_id = RunId{std::string(40, 'd')};
    facts.port = 26379;
    facts.max_clients = 100;
  }
  std::string info(std::initializer_list<std::string_view> sections) {
    if (!client_) client_ = connect();
    std::vector<std::string> request{"INFO"};
    request.insert(request.end(), sections.begin(), sections.end());
    std::string bytes;
    resp::append_request(bytes, request);
    const std::string reply = send(*client_, bytes);
    return reply.substr(reply.find('|') + 1);  // without the length
  }
  std::optional<ConnectionId> client_;
};

TEST_F(ServerCommandsTest, InfoTellsOfTheSentinel) {
  EXPECT_EQ(info({"sentinel"}),
            "# Sentinel|sentinel_masters:1|sentinel_tilt:0|sentinel_tilt_since_seconds:-1|sentinel_running_scripts:0|"
            "sentinel_scripts_queue_length:0|sentinel_simulate_failure_flags:0|"
            "master0:name=mymaster,status=ok,address=10.0.0.1:6379,slaves=2,sentinels=2||");
}

TEST_F(ServerCommandsTest, InfoTellsOfTrouble) {
  core::Primary& primary = node.the_state.primaries.at("mymaster");
  core::Primary other = primary;
  other.name = "other";
  primary.server.subjectively_down_since = now;
  other.server.subjectively_down_since = now;
  other.objectively_down_since = now;
  node.the_state.primaries.emplace("other", other);
  node.the_state.tilt = core::Tilt{now - 5s, 3s};
  node.the_state.crash_after_promotion = true;
  const std::string text = info({"Sentinel"});
  EXPECT_NE(text.find("sentinel_tilt:1|sentinel_tilt_since_seconds:5|"), std::string::npos);
  EXPECT_NE(text.find("sentinel_simulate_failure_flags:2|"), std::string::npos);
  EXPECT_NE(text.find("master0:name=mymaster,status=sdown,"), std::string::npos);
  EXPECT_NE(text.find("master1:name=other,status=odown,"), std::string::npos);
}

TEST_F(ServerCommandsTest, InfoTellsOfTheProcess) {
  sessions();
  now += 90061s;
  EXPECT_EQ(info({"server"}),
            "# Server|redis_version:7.0.15|vedette_version:1.2.3|redis_mode:sentinel|os:Linux 6.1.0 x86_64|"
            "arch_bits:64|process_id:42|process_supervised:no|run_id:" +
                std::string(40, 'd') +
                "|tcp_port:26379|server_time_usec:1700090061000000|uptime_in_seconds:90061|uptime_in_days:1|"
                "executable:/usr/bin/vedette|config_file:/etc/sentinel.conf|io_threads_active:0||");
  EXPECT_EQ(info({"cpu"}),
            "# CPU|used_cpu_sys:1.500000|used_cpu_user:0.250000|used_cpu_sys_children:0.000000|"
            "used_cpu_user_children:0.000003||");
}

TEST_F(ServerCommandsTest, InfoCountsClientsAndTraffic) {
  const auto other = connect();
  ask(other, {"SUBSCRIBE", "a"});
  const auto waiting = connect();
  ask(waiting, {"SENTINEL", "FLUSHCONFIG"});
  const std::string clients = info({"clients"});
  EXPECT_NE(clients.find("connected_clients:3|"), std::string::npos);
  EXPECT_NE(clients.find("maxclients:100|"), std::string::npos);
  EXPECT_NE(clients.find("blocked_clients:1|"), std::string::npos);
  ask(*client_, {"foo"});
  now += 1s;
  const std::string stats = info({"stats"});
  EXPECT_NE(stats.find("total_connections_received:3|"), std::string::npos);
  EXPECT_NE(stats.find("total_commands_processed:4|"), std::string::npos);
  EXPECT_NE(stats.find("instantaneous_ops_per_sec:4|"), std::string::npos);
  EXPECT_NE(stats.find("pubsub_channels:1|"), std::string::npos);
  EXPECT_NE(stats.find("total_error_replies:1|"), std::string::npos);
  EXPECT_NE(stats.find("keyspace_hits:0|"), std::string::npos);
}

TEST_F(ServerCommandsTest, InfoGivesTheSectionsAskedForInItsOwnOrder) {
  const auto titles = [](const std::string& text) {
    std::string found;
    for (std::size_t at = text.find("# "); at != std::string::npos; at = text.find("||# ", at)) {
      at = text.find("# ", at) + 2;
      found += text.substr(at, text.find('|', at) - at) + ' ';
    }
    return found;
  };
  EXPECT_EQ(titles(info({})), "Server Clients Stats CPU Sentinel ");
  for (const char* all : {"all", "default", "EVERYTHING"}) {
    EXPECT_EQ(titles(info({all})), "Server Clients Stats CPU Sentinel ");
  }
  EXPECT_EQ(titles(info({"sentinel", "foo", "CLIENTS"})), "Clients Sentinel ");
  EXPECT_EQ(info({"foo"}), "|");
}

TEST_F(ServerCommandsTest, ShutsDownWhateverIsSaidOfSaving) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"SHUTDOWN"}, {"SHUTDOWN", "NOSAVE"}, {"shutdown", "save", "now", "force"}}) {
    node.is_shut_down = false;
    std::string bytes;
    resp::append_request(bytes, words);
    EXPECT_EQ(send(connect(), bytes), "");
    EXPECT_TRUE(node.is_shut_down);
  }
}

TEST_F(ServerCommandsTest, ShutdownRefusesNonsense) {
  const auto client = connect();
  EXPECT_EQ(ask(client, {"SHUTDOWN", "foo"}), "-ERR syntax error|");
  EXPECT_EQ(ask(client, {"SHUTDOWN", "NOSAVE", "SAVE"}), "-ERR syntax error|");
  EXPECT_EQ(ask(client, {"SHUTDOWN", "ABORT", "NOW"}), "-ERR syntax error|");
  EXPECT_EQ(ask(client, {"SHUTDOWN", "ABORT"}), "-ERR No shutdown in progress.|");
  EXPECT_FALSE(node.is_shut_down);
}

TEST(Rate, IsThatOfTheLastWholeSecond) {
  Rate rate;
  const Instant start{Seconds(100)};
  rate.add(start, 3);
  rate.add(start + 999ms, 4);
  EXPECT_EQ(rate.per_second(start + 999ms), 0U);
  EXPECT_EQ(rate.per_second(start + 1000ms), 7U);
  rate.add(start + 1500ms, 1);
  EXPECT_EQ(rate.per_second(start + 1999ms), 7U);
  EXPECT_EQ(rate.per_second(start + 2000ms), 1U);
  EXPECT_EQ(rate.per_second(start + 3000ms), 0U);
}

}  // namespace
}  // namespace vedette::node
