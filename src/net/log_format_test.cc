#include "net/log_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <syslog.h>

namespace vedette::net {
namespace {

using core::Level;
using testing::EndsWith;
using testing::HasSubstr;

constexpr std::chrono::milliseconds kInstant{1'795'503'917'123};

LogEntry entry(std::string_view text, Level level = Level::kWarning) {
  return {level, std::chrono::system_clock::time_point(kInstant), 123, text};
}

TEST(LogFormat, Json) {
  EXPECT_EQ(format_line(LogFormat::kJson, entry(R"(say "a\b")"), 100),
            R"({"time":"2026-11-24T07:05:17.123Z","pid":123,"role":"sentinel","level":"warning",)"
            R"("message":"say \"a\\b\""})"
            "\n");
}

TEST(LogFormat, Logfmt) {
  EXPECT_EQ(format_line(LogFormat::kLogfmt, entry("+sdown \"x\"", Level::kNotice), 100),
            "pid=123 role=sentinel timestamp=\"2026-11-24T07:05:17.123Z\" level=notice message=\"+sdown \\\"x\\\"\"\n");
}

TEST(LogFormat, BytesThatAreNoUtf8AreReplaced) {
  const auto message = [](std::string_view text) { return format_line(LogFormat::kJson, entry(text), 100); };
  EXPECT_THAT(message("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"),
              EndsWith("\"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80\"}\n"));
  EXPECT_THAT(message("a\xff"
                      "b\xc3"),
              EndsWith("\"a\xef\xbf\xbd"
                       "b\xef\xbf\xbd\"}\n"));
  EXPECT_THAT(message("\xc0\x80"), EndsWith("\"\xef\xbf\xbd\xef\xbf\xbd\"}\n"));
}

TEST(LogFormat, ALongTextIsCutAsItIsWritten) {
  EXPECT_THAT(format_line(LogFormat::kJson, entry(std::string(100, '"')), 23),
              HasSubstr(R"("\"\"\"\"\"\"\"\"\"..."})"));
  EXPECT_THAT(format_line(LogFormat::kRedis, entry(std::string(100, 'x')), 10), EndsWith("# xxxxxxx...\n"));
  EXPECT_THAT(format_line(LogFormat::kRedis, entry(std::string(10, 'x')), 10), EndsWith("# xxxxxxxxxx\n"));
}

TEST(LogFormat, SyslogPriorityIsOfFacilityAndLevel) {
  EXPECT_THAT(format_syslog(LOG_LOCAL0, "redis", entry("x", Level::kNotice)), testing::StartsWith("<133>Nov 24 "));
  EXPECT_THAT(format_syslog(LOG_USER, "redis", entry("x", Level::kDebug)), testing::StartsWith("<15>Nov 24 "));
  EXPECT_THAT(format_syslog(LOG_USER, "redis", entry("x y")), EndsWith(" redis[123]: x y"));
}

}  // namespace
}  // namespace vedette::net
