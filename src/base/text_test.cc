#include "base/text.h"

#include <gtest/gtest.h>

namespace vedette {
namespace {

TEST(Glob, MatchesAsRedisDoes) {
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_TRUE(glob_matches("my*", "mymaster"));
  EXPECT_TRUE(glob_matches("m?master", "mymaster"));
  EXPECT_TRUE(glob_matches("m[a-y]master", "mymaster"));
  EXPECT_TRUE(glob_matches("m[y-a]master", "mymaster"));
  EXPECT_TRUE(glob_matches("m[^x]master", "mymaster"));
  EXPECT_TRUE(glob_matches("a\\*b", "a*b"));
  EXPECT_TRUE(glob_matches("*aster*", "mymaster"));
  EXPECT_TRUE(glob_matches("MY*", "mymaster", true));
  EXPECT_FALSE(glob_matches("MY*", "mymaster"));
  EXPECT_FALSE(glob_matches("a\\*b", "axb"));
  EXPECT_FALSE(glob_matches("", "x"));
  EXPECT_FALSE(glob_matches("m[^y]master", "mymaster"));
}

TEST(Glob, SurvivesBrokenPatterns) {
  EXPECT_FALSE(glob_matches("[", "x"));
  EXPECT_TRUE(glob_matches("[x", "x"));
  EXPECT_TRUE(glob_matches("\\", "\\"));
  EXPECT_FALSE(glob_matches("[a-", "x"));
}

TEST(Glob, ManyStarsTakeNoExponentialTime) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "a*";
  EXPECT_FALSE(glob_matches(pattern + "b", std::string(5000, 'a')));
}

TEST(ParseInteger, TakesTheWholeTextOrNothing) {
  EXPECT_EQ(parse_integer<int>("42"), 42);
  EXPECT_EQ(parse_integer<int>("-42"), -42);
  EXPECT_EQ(parse_integer<unsigned>("-1"), std::nullopt);
  EXPECT_EQ(parse_integer<int>(""), std::nullopt);
  EXPECT_EQ(parse_integer<int>("4 "), std::nullopt);
  EXPECT_EQ(parse_integer<int>(" 4"), std::nullopt);
  EXPECT_EQ(parse_integer<std::uint16_t>("65536"), std::nullopt);
  EXPECT_EQ(parse_integer<std::uint16_t>("65535"), 65535);
}

TEST(Split, KeepsEmptyPieces) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
}

TEST(Trim, DropsBlanksAtBothEnds) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim("  "), "");
}

TEST(EscapeControls, KeepsTextOnOneLineAndHarmless) {
  EXPECT_EQ(escape_controls("plain \xc3\xa9 text"), "plain \xc3\xa9 text");
  EXPECT_EQ(escape_controls("a\r\nb\tc"), "a\\r\\nb\\tc");
  EXPECT_EQ(escape_controls(std::string_view("\x1b[31m\0\x7f", 7)), "\\x1b[31m\\x00\\x7f");
  EXPECT_EQ(escape_controls("\xc2\x9b"
                            "31m\xc2\xa0"),
            "\\xc2\\x9b31m\xc2\xa0")
      << "of eight bits";
  EXPECT_EQ(escape_controls("\x9b"
                            "31m\xe9\xff"),
            "\\x9b31m\\xe9\\xff")
      << "no UTF-8";
}

}  // namespace
}  // namespace vedette
