#include "apps/demo/style.h"

#include <gtest/gtest.h>

namespace vedette::demo {
namespace {

Surroundings terminal() {
  return {.terminal = true, .no_color = "", .term = "xterm-256color", .locale = "en_GB.UTF-8"};
}

TEST(Style, OfATerminalHasEverything) {
  const Style style = choose_style(terminal());
  EXPECT_TRUE(style.colour);
  EXPECT_TRUE(style.unicode);
  EXPECT_TRUE(style.live);
}

TEST(Style, OfAPipeIsPlain) {
  Surroundings surroundings = terminal();
  surroundings.terminal = false;
  const Style style = choose_style(surroundings);
  EXPECT_FALSE(style.colour);
  EXPECT_FALSE(style.unicode);
  EXPECT_FALSE(style.live);
}

TEST(Style, OfATerminalThatCanDoNothingIsPlain) {
  for (const char* term : {"dumb", ""}) {
    Surroundings surroundings = terminal();
    surroundings.term = term;
    EXPECT_FALSE(choose_style(surroundings).colour) << term;
    EXPECT_FALSE(choose_style(surroundings).live) << term;
  }
}

TEST(Style, HonoursNoColor) {
  Surroundings surroundings = terminal();
  surroundings.no_color = "1";
  EXPECT_FALSE(choose_style(surroundings).colour);
  EXPECT_TRUE(choose_style(surroundings).live);
}

TEST(Style, UsesSignsBeyondAsciiOnlyWhereTheLocaleHasThem) {
  for (const char* locale : {"", "C", "POSIX", "de_DE.ISO-8859-1"}) {
    Surroundings surroundings = terminal();
    surroundings.locale = locale;
    EXPECT_FALSE(choose_style(surroundings).unicode) << locale;
  }
  Surroundings surroundings = terminal();
  surroundings.locale = "C.utf8";
  EXPECT_TRUE(choose_style(surroundings).unicode);
}

TEST(Style, PaintsOnlyWithColours) {
  EXPECT_EQ(paint({.colour = true}, Colour::kDim, "text"), "\x1b[2mtext\x1b[0m");
  EXPECT_EQ(paint({.colour = true}, Colour::kNone, "text"), "text");
  EXPECT_EQ(paint({}, Colour::kDim, "text"), "text");
}

}  // namespace
}  // namespace vedette::demo
