#include "proto/info.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "tests/support/fixture.h"

namespace vedette::proto {
namespace {

// Captured from redis-server 7.0.15: one primary with three replicas, and what became of them.
const std::string kHistory = "14c4df8cd061415952d2a922c475fbd08227cd25";

InfoReport captured(const std::string& name) { return parse_info(testing::read_fixture_file("info/" + name + ".txt")); }

TEST(Info, OfAPrimaryWithReplicas) {
  InfoReport expected;
  expected.run_id.hex = "7eab9b439fffc8921abf8266e4f418141527bc1f";
  expected.role = Role::kPrimary;
  expected.replicas = {{"::1", 47109}, {"127.0.0.1", 50103}, {"127.0.0.1", 44829}};
  expected.primary_offset = 303;
  expected.replication_id = kHistory;
  expected.redis_version = "7.0.15";
  expected.keys = 10;
  EXPECT_EQ(captured("primary-with-replicas"), expected);
}

TEST(Info, OfAReplica) {
  InfoReport expected;
  expected.run_id.hex = "4dfa592cf7cebc68c7280aaf1229722cc72eacd9";
  expected.role = Role::kReplica;
  expected.primary = Address{"127.0.0.1", 53815};
  expected.primary_link_up = true;
  expected.primary_last_io = 1s;
  expected.replication_offset = 303;
  expected.primary_offset = 303;
  expected.replication_id = kHistory;
  expected.redis_version = "7.0.15";
  expected.keys = 10;
  EXPECT_EQ(captured("replica"), expected);
}

TEST(Info, KeysOfAllDatabases) {
  EXPECT_EQ(parse_info("# Keyspace\r\ndb0:keys=50,expires=1,avg_ttl=7\r\ndb15:keys=3,expires=0,avg_ttl=0\r\n").keys,
            53U);
}

TEST(Info, KeysOfAnEmptyServer) { EXPECT_EQ(parse_info("# Replication\nrole:master\n# Keyspace\n").keys, 0U); }

TEST(Info, KeysThatAreNotTold) {
  EXPECT_EQ(parse_info("role:master\r\n").keys, std::nullopt);
  EXPECT_EQ(parse_info("db0:keys=many\r\ndb:keys=1\r\ndbx:keys=1\r\n").keys, std::nullopt);
}

TEST(Info, MoreKeysThanCanBeCounted) {
  EXPECT_EQ(parse_info("db0:keys=18446744073709551615\ndb1:keys=2\n").keys, UINT64_MAX);
}

TEST(Info, OfAReplicaOverIpv6) { EXPECT_EQ(captured("replica-ipv6").primary, (Address{"::1", 53815})); }

TEST(Info, OfAReplicaThatIsNotToBeAnnounced) {
  const InfoReport report = captured("replica-unannounced");
  EXPECT_FALSE(report.announced);
  EXPECT_EQ(report.priority, 10);
}

TEST(Info, OfAReplicaWhosePrimaryIsGone) {
  const InfoReport report = captured("replica-link-down");
  EXPECT_FALSE(report.primary_link_up);
  EXPECT_EQ(report.primary_link_down_for, 3000ms);
  EXPECT_EQ(report.primary_last_io, std::nullopt);
  EXPECT_EQ(report.replication_offset, 303U);
}

TEST(Info, OfAReplicaThatWasPromoted) {
  const InfoReport report = captured("promoted");
  EXPECT_EQ(report.role, Role::kPrimary);
  EXPECT_EQ(report.primary, std::nullopt);
  EXPECT_EQ(report.replication_id, "150232a7d4bdb5e5ed4ddfa98ffbeea3e24a8275");
  EXPECT_EQ(report.replication_id_before, kHistory);
}

TEST(Info, OfAReplicaInItsFirstSynchronisation) {
  const InfoReport report = captured("replica-syncing");
  EXPECT_TRUE(report.primary_sync_in_progress);
  EXPECT_FALSE(report.primary_link_up);
}

TEST(Info, OfAReplicaThatNeverReachedItsPrimary) {
  const InfoReport report = captured("replica-never-linked");
  EXPECT_FALSE(report.primary_link_up);
  EXPECT_EQ(report.primary_link_down_for, 0ms);
  EXPECT_EQ(report.primary, (Address{"127.0.0.1", 53771}));
}

TEST(Info, OfAServerThatIsLoading) { EXPECT_TRUE(captured("loading").loading); }

TEST(Info, OfNothingIsTheDefaults) {
  EXPECT_EQ(parse_info(""), InfoReport{});
  EXPECT_EQ(parse_info("\r\n\n# Server\r\nno colon\r\n:\r\n:value\r\nunknown:1\r\n"), InfoReport{});
}

TEST(Info, LinesMayEndInLfAlone) {
  std::string text = testing::read_fixture_file("info/replica.txt");
  std::erase(text, '\r');
  EXPECT_EQ(parse_info(text), captured("replica"));
}

TEST(Info, KnowsBothFormsOfReplicas) {
  const InfoReport report = parse_info(
      "slave0:ip=10.0.0.1,port=6379,state=online,offset=1,lag=0\r\n"
      "slave1:10.0.0.2,6380,online\r\n"
      "slave2:2001:db8::1,6381,online\r\n"
      "slave3:ip=2001:db8::2,port=6382,state=wait_bgsave\r\n"
      "slave4:ip=replica.example,port=6383\r\n"
      "slave5:port=6384,ip=10.0.0.5\r\n");
  EXPECT_EQ(report.replicas, (std::vector<Address>{{"10.0.0.1", 6379},
                                                   {"10.0.0.2", 6380},
                                                   {"2001:db8::1", 6381},
                                                   {"2001:db8::2", 6382},
                                                   {"replica.example", 6383},
                                                   {"10.0.0.5", 6384}}));
}

TEST(Info, LeavesOutReplicasThatAreNoAddress) {
  const InfoReport report = parse_info(
      "slave0:ip=10.0.0.1,port=0,state=online\r\n"
      "slave1:ip=,port=6379\r\n"
      "slave2:ip=10.0.0.2\r\n"
      "slave3:10.0.0.3\r\n"
      "slave4:\r\n"
      "slave5:ip=a b,port=6379\r\n"
      "slave:ip=10.0.0.4,port=6379\r\n"
      "slavex:ip=10.0.0.4,port=6379\r\n"
      "slave_0:ip=10.0.0.4,port=6379\r\n"
      "slave6:ip=10.0.0.9,port=6379\r\n"
      "slave7:ip=10.0.0.9,port=6379\r\n");
  EXPECT_EQ(report.replicas, (std::vector<Address>{{"10.0.0.9", 6379}}));
}

// valkey#2338: the second connection of a full synchronisation stayed in the list as a replica that is down.
TEST(Info, LeavesOutTheSecondConnectionOfAFullSynchronisation) {
  const InfoReport report = parse_info(
      "slave0:ip=10.0.0.1,port=6379,state=wait_bgsave,offset=0,lag=0,type=main-channel\r\n"
      "slave1:ip=172.17.0.9,port=6379,state=send_bulk,offset=0,lag=0,type=rdb-channel\r\n"
      "slave2:ip=10.0.0.2,port=6379,state=online,offset=0,lag=0,type=replica\r\n");
  EXPECT_EQ(report.replicas, (std::vector<Address>{{"10.0.0.1", 6379}, {"10.0.0.2", 6379}}));
}

TEST(Info, HasALimitOfReplicas) {
  std::string text;
  for (std::size_t i = 0; i <= InfoReport::kMaxReplicas; ++i) {
    text += fmt::format("slave{}:ip=10.0.0.1,port={},state=online\r\n", i, i + 1);
  }
  const InfoReport report = parse_info(text);
  EXPECT_EQ(report.replicas.size(), InfoReport::kMaxReplicas);
  EXPECT_EQ(report.replicas.back().port, InfoReport::kMaxReplicas);
}

TEST(Info, LeavesFieldsEmptyThatMakeNoSense) {
  const InfoReport report = parse_info(
      "run_id:short\r\nrole:sentinel\r\nmaster_host:10.0.0.1\r\nmaster_port:99999\r\nmaster_replid:?\r\n"
      "slave_priority:x\r\nslave_repl_offset:-1\r\nmaster_last_io_seconds_ago:soon\r\nredis_version:a b\r\n");
  EXPECT_EQ(report, InfoReport{});
}

TEST(Info, AgesDoNotOverflow) {
  const InfoReport report = parse_info(
      "master_link_down_since_seconds:9223372036854775807\r\nmaster_last_io_seconds_ago:9223372036854775807\r\n");
  EXPECT_GT(report.primary_link_down_for, Millis{0});
  EXPECT_GT(Micros(report.primary_link_down_for), Micros{0});
  EXPECT_GT(Micros(*report.primary_last_io), Micros{0});
}

// Lines that mean something, for texts in which they meet damage and each other.
rc::Gen<std::string> any_line() {
  const auto garbage = rc::gen::map(rc::gen::arbitrary<std::string>(), [](std::string line) {
    std::erase(line, '\n');
    return line;
  });
  const auto key = rc::gen::element<std::string>("role", "slave0", "slave1", "master_host", "master_port", "run_id",
                                                 "master_replid2", "slave_priority", "master_link_status", "loading");
  const auto value = rc::gen::oneOf(
      garbage, rc::gen::element<std::string>("master", "slave", "ip=10.0.0.1,port=1", "::1,2,online", "up", "1", "-1"));
  return rc::gen::oneOf(garbage, rc::gen::map(rc::gen::pair(key, value),
                                              [](const auto& entry) { return entry.first + ":" + entry.second; }));
}

std::string joined(const std::vector<std::string>& lines, std::string_view end) {
  std::string text;
  for (const std::string& line : lines) text.append(line).append(end);
  return text;
}

RC_GTEST_PROP(InfoProperty, UnknownLinesAndLineEndsDoNotMatter, ()) {
  const auto lines = *rc::gen::container<std::vector<std::string>>(
      rc::gen::suchThat(any_line(), [](const std::string& line) { return !line.ends_with('\r'); }));
  const InfoReport report = parse_info(joined(lines, "\r\n"));
  RC_ASSERT(report == parse_info(joined(lines, "\n")));
  RC_ASSERT(report == parse_info(joined(lines, "\n\nx-unknown:slave0:role:master\n# Section\n")));
}

}  // namespace
}  // namespace vedette::proto
