#include "apps/demo/waterfall.h"

#include <gtest/gtest.h>

namespace vedette::demo {
namespace {

using Lines = std::vector<std::string>;

TEST(Waterfall, LetsEachBarStartWhereTheOneAboveEnds) {
  const auto lines = draw_waterfall({}, {{"down", 900ms}, {"elected", 100ms}, {"promoted", 0ms}}, 36);
  EXPECT_EQ(lines, (Lines{
                       "    900 ms   down       #########",
                       "    100 ms   elected             #",
                       "      0 ms   promoted             #",
                   }));
}

TEST(Waterfall, IsNoWiderThanAskedFor) {
  for (std::size_t columns = 30; columns < 100; ++columns) {
    for (const auto& line : draw_waterfall({}, {{"down", 333ms}, {"elected", 333ms}, {"promoted", 334ms}}, columns)) {
      EXPECT_LE(line.size(), columns);
    }
  }
}

TEST(Waterfall, GivesEachSpanABarHoweverNarrowTheScreenAndShortTheSpans) {
  EXPECT_EQ(draw_waterfall({}, {{"a", 0ms}, {"b", 0ms}}, 0), (Lines{
                                                                 "      0 ms   a   #",
                                                                 "      0 ms   b    #",
                                                             }));
}

}  // namespace
}  // namespace vedette::demo
