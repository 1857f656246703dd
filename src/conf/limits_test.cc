#include <fmt/format.h>
#include <gtest/gtest.h>

#include "conf/file.h"
#include "tests/support/conf_settings.h"

namespace vedette::conf {
namespace {

using testing::must_parse;

std::vector<Problem> problems_of(const std::string& text) {
  auto result = File::parse(text);
  auto* problems = std::get_if<std::vector<Problem>>(&result);
  return problems ? *problems : std::vector<Problem>{};
}

TEST(Limits, OfAFile) {
  EXPECT_EQ(must_parse(std::string(File::kMaxBytes, '#')).configuration(), Configuration{});
  const std::vector<Problem> expected{{0, "", "the file is larger than 67108864 bytes"}};
  EXPECT_EQ(problems_of(std::string(File::kMaxBytes + 1, '#')), expected);
}

TEST(Limits, OfLines) {
  EXPECT_EQ(must_parse(std::string(File::kMaxLines, '\n')).configuration(), Configuration{});
  const std::vector<Problem> expected{{0, "", "the file has more than 1048576 lines"}};
  EXPECT_EQ(problems_of(std::string(File::kMaxLines + 1, '\n')), expected);
}

TEST(Limits, OfALine) {
  const std::string start = "save ";
  must_parse(start + std::string(File::kMaxLineBytes - start.size(), 'x'));
  const auto problems = problems_of(start + std::string(File::kMaxLineBytes - start.size() + 1, 'x'));
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].reason, "the line is longer than 65536 bytes");
  EXPECT_EQ(problems[0].line.size(), 256U + 3U) << "a long line is cut";
}

// What can be set can be saved: the longest value, in its longest spelling, under the longest name.
TEST(Limits, OfALineHoldTheLongestValue) {
  MonitoredPrimary primary;
  primary.name = std::string(kMaxNameBytes, 'm');
  primary.address = {"127.0.0.1", 6379};
  primary.auth_pass = std::string(kMaxValueBytes, '\x01');
  primary.notification_script = std::string(kMaxValueBytes, '"');
  primary.renamed_commands[std::string(kMaxValueBytes, '"')] = std::string(kMaxValueBytes, '\'');
  SentinelSettings wanted;
  wanted.primaries = {primary};
  EXPECT_EQ(must_parse(must_parse("").render(wanted)).configuration().sentinel, wanted);
}

TEST(Limits, OfPrimaries) {
  std::string text;
  for (std::size_t i = 0; i < kMaxPrimaries; ++i) text += fmt::format("sentinel monitor m{} 127.0.0.1 6379 2\n", i);
  EXPECT_EQ(must_parse(text).configuration().sentinel.primaries.size(), kMaxPrimaries);
  const auto problems = problems_of(text + "sentinel monitor one-more 127.0.0.1 6379 2\n");
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].reason, "more than 10000 primaries: share them among several sentinels");
}

TEST(Limits, OfListedProblems) {
  std::string text;
  for (std::size_t i = 0; i < File::kMaxProblems; ++i) text += "bogus\n";
  EXPECT_EQ(problems_of(text).size(), File::kMaxProblems);
  const auto problems = problems_of(text + "bogus\nbogus\n");
  ASSERT_EQ(problems.size(), File::kMaxProblems + 1);
  EXPECT_EQ(problems.back(), (Problem{0, "", "there are more problems than these"}));
}

}  // namespace
}  // namespace vedette::conf
