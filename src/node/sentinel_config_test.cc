#include <gtest/gtest.h>

#include "tests/support/serving.h"

namespace vedette::node {
namespace {

class SentinelConfigTest : public vedette::testing::ServingTest {
 protected:
  std::string config(std::string_view words) { return send(client_, "SENTINEL CONFIG " + std::string(words) + "\r\n"); }

  ConnectionId client_ = connect();
};

TEST_F(SentinelConfigTest, ShowsWhatMatches) {
  node.the_configuration.sentinel.announce_ip = "10.0.0.9";
  EXPECT_EQ(config("GET announce-*"),
            "*6|$18|announce-hostnames|$2|no|$11|announce-ip|$8|10.0.0.9|$13|announce-port|$1|0|");
  EXPECT_EQ(config("get nothing"), "*0|");
  EXPECT_EQ(config("GET sentinel-user *-IP sentinel-*"),
            "*6|$11|announce-ip|$8|10.0.0.9|$13|sentinel-user|$0||$13|sentinel-pass|$0||");
}

TEST_F(SentinelConfigTest, ChangesAllAtOnceAndAnswersWhenSaved) {
  EXPECT_EQ(config("SET announce-port 7 RESOLVE-hostnames yes sentinel-user bob"), "");
  EXPECT_EQ(node.the_configuration.sentinel.announce_port, 7);
  EXPECT_TRUE(node.the_configuration.sentinel.resolve_hostnames);
  EXPECT_EQ(node.the_configuration.sentinel.peer_user, "bob");
  EXPECT_EQ(confirm(client_, ordered<core::Flush>().token), "+OK|");
}

TEST_F(SentinelConfigTest, ChangesNothingIfOneIsWrong) {
  EXPECT_EQ(config("SET announce-port 7 resolve-hostnames maybe"),
            "-ERR Invalid value 'maybe' to SENTINEL CONFIG SET 'resolve-hostnames'|");
  EXPECT_EQ(config("SET announce-port 7 foo x"), "-ERR Invalid argument 'foo' to SENTINEL CONFIG SET|");
  EXPECT_EQ(config("SET announce-port 7 Announce-Port 8"),
            "-ERR Duplicate argument 'Announce-Port' to SENTINEL CONFIG SET|");
  EXPECT_EQ(config("SET announce-port 65536"), "-ERR Invalid value '65536' to SENTINEL CONFIG SET 'announce-port'|");
  EXPECT_EQ(node.the_configuration.sentinel, conf::SentinelSettings{});
  EXPECT_TRUE(node.inputs.empty());
}

TEST_F(SentinelConfigTest, ChangesTheLevelOfTheLog) {
  config("SET loglevel DEBUG");
  EXPECT_EQ(node.the_configuration.server.log_level, "debug");
  confirm(client_, ordered<core::Flush>().token);
  EXPECT_EQ(config("SET loglevel nothing"), "-ERR Invalid value 'nothing' to SENTINEL CONFIG SET 'loglevel'|");
}

TEST_F(SentinelConfigTest, UnsetsWithAnEmptyWord) {
  node.the_configuration.sentinel.announce_ip = "10.0.0.9";
  config("SET announce-ip \"\"");
  EXPECT_EQ(node.the_configuration.sentinel.announce_ip, "");
}

TEST_F(SentinelConfigTest, SaysWhatItKnows) {
  for (const char* words : {"GET", "SET", "FOO x", "SET announce-port", "SET announce-port 7 foo"}) {
    EXPECT_EQ(config(words), "-ERR Only SENTINEL CONFIG GET <option> / SET <option> <value> are supported.|") << words;
  }
}

}  // namespace
}  // namespace vedette::node
