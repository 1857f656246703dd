#include "base/words.h"

#include <gtest/gtest.h>

namespace vedette {
namespace {

using Words = std::vector<std::string>;

TEST(SplitWords, SeparatesAtBlanks) {
  EXPECT_EQ(split_words("  a\tb \r c\r\n"), (Words{"a", "b", "c"}));
  EXPECT_EQ(split_words(""), Words{});
  EXPECT_EQ(split_words(" \t\v\r\n"), Words{});
}

TEST(SplitWords, TakesVerticalTabAsPartOfAWordButSkipsItBetweenWords) {
  EXPECT_EQ(split_words("a\vb \vc"), (Words{"a\vb", "c"}));
}

TEST(SplitWords, UnderstandsEscapesInDoubleQuotes) {
  EXPECT_EQ(split_words(R"("a\x41\n\r\t\b\a\q\"\\\xzz")"), Words{"aA\n\r\t\b\aq\"\\xzz"});
  EXPECT_EQ(split_words(R"("\x00\xFf")"), Words{std::string("\0\xff", 2)});
  EXPECT_EQ(split_words(R"("\x4")"), Words{"x4"});
}

TEST(SplitWords, KnowsOneEscapeInSingleQuotes) { EXPECT_EQ(split_words(R"('a\'b\n"')"), Words{"a'b\\n\""}); }

TEST(SplitWords, QuotesMayStartWithinAWord) {
  EXPECT_EQ(split_words(R"(a"b c" 'd')"), (Words{"ab c", "d"}));
  EXPECT_EQ(split_words("\"\" ''"), (Words{"", ""}));
}

TEST(SplitWords, LeavesBackslashesOutsideQuotesAlone) { EXPECT_EQ(split_words(R"(a\nb)"), Words{R"(a\nb)"}); }

TEST(SplitWords, RefusesUnbalancedQuotes) {
  for (const char* line : {"\"", "'", "\"a\"b", "'a'b", "\"a\\", "'a\\", "'a\\'", "a \"b", "a\"b\"c"}) {
    EXPECT_EQ(split_words(line), std::nullopt) << line;
  }
}

TEST(QuoteWord, GivesBackEveryByteAndOnlyPrintableOnes) {
  std::string all_bytes;
  for (int byte = 0; byte < 256; ++byte) all_bytes += static_cast<char>(byte);
  const std::string quoted = quote_word(all_bytes);
  EXPECT_EQ(split_words(quoted), Words{all_bytes});
  for (const char c : quoted) EXPECT_TRUE(c >= 0x20 && c < 0x7f);
  EXPECT_EQ(quote_word(""), "\"\"");
}

}  // namespace
}  // namespace vedette
