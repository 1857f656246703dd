#include "apps/demo/report.h"

#include <gtest/gtest.h>

namespace vedette::demo {
namespace {

using namespace std::chrono;

TEST(Report, IsReadFromALineOfTheLog) {
  const auto report =
      parse_report(Lane::kB, "12345:X 24 Nov 2026 05:38:37.123 # +sdown master mymaster 127.0.0.1 7001");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->who, Lane::kB);
  EXPECT_EQ(report->at, sys_days(2026y / November / 24) + 5h + 38min + 37s + 123ms);
  EXPECT_EQ(report->event, "+sdown");
  EXPECT_EQ(report->text, "master mymaster 127.0.0.1 7001");
}

TEST(Report, OfAPlainSentenceHasNoEvent) {
  const auto report = parse_report(Lane::kA, "7:X 01 Jan 2026 00:00:00.000 * Sentinel ID is 3a7f");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->event, "");
  EXPECT_EQ(report->text, "Sentinel ID is 3a7f");
}

TEST(Report, NeedsATime) {
  for (const std::string_view line : {
           "",
           "vedette: cannot open the file",
           "7:X 01 Jan 2026 00:00:00.000",
           "7:X 31 Feb 2026 00:00:00.000 * text",
           "7:X 01 Foo 2026 00:00:00.000 * text",
           "7:X 01 Jan 2026 00:00:00 * text",
           "7:X 01 Jan 2026 0a:00:00.000 * text",
           "7:X 01 Jan 2026 00:00:00.000 text",
       }) {
    EXPECT_FALSE(parse_report(Lane::kA, line)) << line;
  }
}

}  // namespace
}  // namespace vedette::demo
