#include "resp/writer.h"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

namespace vedette::resp {
namespace {

std::string written(Protocol protocol, const std::function<void(Writer&)>& write) {
  std::string out;
  Writer writer(out, protocol);
  write(writer);
  return out;
}

struct Case {
  std::function<void(Writer&)> write;
  std::string resp2;
  std::string resp3;
};

TEST(Writer, WritesEachKindInBothProtocols) {
  const std::vector<Case> cases = {
      {[](Writer& w) { w.simple("OK"); }, "+OK\r\n", "+OK\r\n"},
      {[](Writer& w) { w.error("ERR no"); }, "-ERR no\r\n", "-ERR no\r\n"},
      {[](Writer& w) { w.integer(-9223372036854775807 - 1); }, ":-9223372036854775808\r\n",
       ":-9223372036854775808\r\n"},
      {[](Writer& w) { w.bulk("a\r\n"); }, "$3\r\na\r\n\r\n", "$3\r\na\r\n\r\n"},
      {[](Writer& w) { w.bulk(""); }, "$0\r\n\r\n", "$0\r\n\r\n"},
      {[](Writer& w) { w.null(); }, "$-1\r\n", "_\r\n"},
      {[](Writer& w) { w.null_array(); }, "*-1\r\n", "_\r\n"},
      {[](Writer& w) { w.verbatim("abc"); }, "$3\r\nabc\r\n", "=7\r\ntxt:abc\r\n"},
      {[](Writer& w) { w.boolean(true); }, ":1\r\n", "#t\r\n"},
      {[](Writer& w) { w.boolean(false); }, ":0\r\n", "#f\r\n"},
      {[](Writer& w) { w.array(3); }, "*3\r\n", "*3\r\n"},
      {[](Writer& w) { w.map(3); }, "*6\r\n", "%3\r\n"},
      {[](Writer& w) { w.set(3); }, "*3\r\n", "~3\r\n"},
      {[](Writer& w) { w.push(3); }, "*3\r\n", ">3\r\n"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(written(Protocol::kResp2, each.write), each.resp2);
    EXPECT_EQ(written(Protocol::kResp3, each.write), each.resp3);
  }
}

TEST(Writer, ALineCannotBeBrokenByItsText) {
  EXPECT_EQ(written(Protocol::kResp2, [](Writer& w) { w.simple("a\r\n+b"); }), "+a  +b\r\n");
  EXPECT_EQ(written(Protocol::kResp2, [](Writer& w) { w.error("ERR '\n'"); }), "-ERR ' '\r\n");
}

TEST(Writer, Appends) {
  std::string out = "+first\r\n";
  Writer(out, Protocol::kResp2).simple("second");
  append_request(out, std::vector<std::string>{"PING", ""});
  EXPECT_EQ(out, "+first\r\n+second\r\n*2\r\n$4\r\nPING\r\n$0\r\n\r\n");
}

}  // namespace
}  // namespace vedette::resp
