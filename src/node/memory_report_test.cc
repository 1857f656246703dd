#include "node/memory_report.h"

#include <gtest/gtest.h>

#include <map>

#include "base/text.h"
#include "tests/support/serving.h"

namespace vedette::node {
namespace {

using vedette::testing::on_one_line;

MemoryReport report() {
  MemoryReport report;
  report.state.primaries = {1, 100};
  report.state.replicas = {2, 200};
  report.state.sentinels = {3, 300};
  report.state.peers = {4, 400};
  report.info_texts = {5, 500};
  report.links = {6, 600};
  report.link_buffers = {7, 700};
  report.clients = {8, 800};
  report.configuration = {9, 900};
  report.log = {10, 1000};
  report.process = {9'000'000, 6000, 70};
  return report;
}

std::string shown(const MemoryReport& report) {
  std::string reply;
  resp::Writer writer(reply, resp::Protocol::kResp2);
  memory_fields(report).write(writer);
  const std::string lines = on_one_line(reply);
  std::string values;
  bool is_content = false;
  for (const std::string_view line : split(lines, '|')) {
    if (is_content) values += std::string(line) + " ";
    is_content = line.starts_with('$');
  }
  return values;
}

TEST(MemoryReport, ShowsEveryKindAndTheRest) {
  EXPECT_EQ(shown(report()),
            "resident-bytes 9000000 allocated-bytes 6000 free-bytes 70 "
            "masters 1 masters-bytes 100 replicas 2 replicas-bytes 200 sentinels 3 sentinels-bytes 300 "
            "peers 4 peers-bytes 400 info-texts 5 info-texts-bytes 500 links 6 links-bytes 600 "
            "link-buffers 7 link-buffers-bytes 700 clients 8 clients-bytes 800 "
            "saved-masters 9 configuration-bytes 900 log-lines 10 log-bytes 1000 rest-bytes 500 ");
}

// As where the allocator tells nothing.
TEST(MemoryReport, TheRestIsNeverLessThanNothing) {
  MemoryReport unknown = report();
  unknown.process = {};
  EXPECT_TRUE(shown(unknown).ends_with("rest-bytes 0 "));
}

class MemoryCommandTest : public vedette::testing::ServingTest {};

TEST_F(MemoryCommandTest, TellsWhatTheNodeReportsAndWhatClientsTake) {
  node.the_memory = report();
  node.the_memory.clients = {};
  const ConnectionId client = connect();
  const std::string reply = ask(client, {"SENTINEL", "MEMORY"});
  EXPECT_TRUE(reply.starts_with("*48|$14|resident-bytes|$7|9000000|")) << reply;
  EXPECT_NE(reply.find("$7|clients|$1|1|"), std::string::npos) << reply;
  connect();
  EXPECT_NE(ask(client, {"SENTINEL", "MEMORY"}).find("$7|clients|$1|2|"), std::string::npos);
  EXPECT_EQ(ask(client, {"SENTINEL", "MEMORY", "x"}), "-ERR wrong number of arguments for 'sentinel|memory' command|");
}

TEST_F(MemoryCommandTest, WhatAClientHoldsCounts) {
  const ConnectionId client = connect();
  const std::size_t before = sessions().memory().bytes;
  send(client, "*2\r\n$4\r\nECHO\r\n$100000\r\n" + std::string(10000, 'x'));
  EXPECT_GE(sessions().memory().bytes, before + 10000);
}

}  // namespace
}  // namespace vedette::node
