#include "apps/demo/screen.h"

#include <gtest/gtest.h>

#include <utility>

namespace vedette::demo {
namespace {

class Paper final : public Output {
 public:
  explicit Paper(unsigned columns) : columns_(columns) {}
  void write(std::string_view text) override { text_ += text; }
  unsigned columns() const override { return columns_; }

  // What was written since it was asked last.
  std::string take() { return std::exchange(text_, {}); }

 private:
  unsigned columns_;
  std::string text_;
};

constexpr WallTime kZero{1000s};
constexpr Style kTerminal{.colour = true, .unicode = true, .live = true};

Beat beat() { return {.at = kZero + 1234ms, .lane = Lane::kB, .sentence = "finds 7001 down", .source = "+sdown"}; }

TEST(Screen, ShowsABeatInTheColumnOfItsLane) {
  Paper paper(60);
  Screen screen(paper, {});
  screen.beat(beat(), kZero);
  EXPECT_EQ(paper.take(), "  1,234 ms   . B . .   finds 7001 down               +sdown\n");
}

TEST(Screen, ShowsABeatOfNobodyInNoColumn) {
  Paper paper(60);
  Screen screen(paper, {});
  screen.beat({.at = kZero, .lane = Lane::kNobody, .sentence = "7001 was killed"}, kZero);
  EXPECT_EQ(paper.take(), "      0 ms   . . . .   7001 was killed\n");
}

TEST(Screen, KeepsTheSentenceRatherThanItsSource) {
  Paper paper(60);
  Screen screen(paper, {});
  screen.beat({.at = kZero, .lane = Lane::kA, .sentence = "tells 7002 to follow it", .source = "+slave-reconf-sent"},
              kZero);
  EXPECT_EQ(paper.take(), "      0 ms   A . . .   tells 7002 to follow it  +slave-rec~\n");
  screen.beat({.at = kZero, .lane = Lane::kA, .sentence = std::string(99, 'x'), .source = "+sdown"}, kZero);
  EXPECT_EQ(paper.take(), "      0 ms   A . . .   " + std::string(35, 'x') + "~\n");
}

TEST(Screen, IsNeitherTooNarrowNorTooWide) {
  for (const auto& [columns, expected] : {std::pair(10U, 59U), std::pair(80U, 79U), std::pair(1000U, 99U)}) {
    Paper paper(columns);
    Screen screen(paper, {});
    screen.beat(beat(), kZero);
    EXPECT_EQ(paper.take().find('\n'), expected);
  }
}

TEST(Screen, FillsTheLineOfAScene) {
  Paper paper(60);
  Screen screen(paper, {});
  screen.scene("2. The kill", "time since then");
  EXPECT_EQ(paper.take(), "\n-- 2. The kill ------------------------- time since then --\n");
  screen.scene("3. The end");
  EXPECT_EQ(paper.take(), "\n-- 3. The end ---------------------------------------------\n");
}

TEST(Screen, PutsNumbersUnderTheTimes) {
  Paper paper(60);
  Screen screen(paper, {});
  screen.fact(Colour::kBold, "12 ms", "without writes");
  EXPECT_EQ(paper.take(), "     12 ms   without writes\n");
}

TEST(Screen, WritesNoControlCharactersToAPipe) {
  Paper paper(100);
  Screen screen(paper, {});
  screen.title("title");
  screen.legend(Lane::kA, "legend");
  screen.scene("scene", "unit");
  screen.done("done");
  screen.status("status");
  screen.beat(beat(), kZero);
  screen.clear_status();
  const std::string text = paper.take();
  EXPECT_EQ(text.find("status"), std::string::npos);
  for (const char c : text) EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << static_cast<int>(c);
}

TEST(Screen, PaintsOnATerminal) {
  Paper paper(100);
  Screen screen(paper, kTerminal);
  screen.beat(beat(), kZero);
  EXPECT_NE(paper.take().find("\x1b[1;35mB\x1b[0m"), std::string::npos);
}

TEST(Screen, DrawsTheStatusAnewBelowWhatIsPrinted) {
  Paper paper(100);
  Screen screen(paper, {.live = true});
  screen.status("waiting");
  EXPECT_EQ(paper.take(), "\r\x1b[K  | waiting");
  screen.note("news");
  EXPECT_EQ(paper.take(), "\r\x1b[K  news\n\r\x1b[K  / waiting");
  screen.clear_status();
  EXPECT_EQ(paper.take(), "\r\x1b[K");
  screen.note("the end");
  EXPECT_EQ(paper.take(), "  the end\n");
}

TEST(Screen, NeverBreaksTheStatus) {
  for (unsigned columns = 1; columns < 120; ++columns) {
    Paper paper(columns);
    Screen screen(paper, {.live = true});
    screen.status(std::string(200, 'x'));
    const std::string text = paper.take();
    EXPECT_LT(text.size() - std::string_view("\r\x1b[K").size(), std::max(columns, 6U)) << columns;
  }
}

}  // namespace
}  // namespace vedette::demo
