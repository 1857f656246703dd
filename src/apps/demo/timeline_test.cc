#include "apps/demo/timeline.h"

#include <gtest/gtest.h>

#include <utility>

namespace vedette::demo {
namespace {

Beat beat_at(int millis, std::string sentence) {
  return {.at = WallTime(Millis(millis)), .sentence = std::move(sentence)};
}

std::string sentences(const std::vector<Beat>& beats) {
  std::string text;
  for (const Beat& beat : beats) text += beat.sentence;
  return text;
}

TEST(Timeline, HoldsABeatBackUntilEarlierOnesHaveCome) {
  Timeline timeline;
  timeline.add(beat_at(100, "b"));
  EXPECT_TRUE(timeline.take_settled(WallTime(100ms)).empty());
  timeline.add(beat_at(99, "a"));
  EXPECT_EQ(sentences(timeline.take_settled(WallTime(100ms + Timeline::kSettlingTime))), "ab");
  EXPECT_TRUE(timeline.take_settled(WallTime(10s)).empty());
}

TEST(Timeline, KeepsTheOrderOfWhatHappenedInOneMillisecond) {
  Timeline timeline;
  for (const char* sentence : {"a", "b", "c"}) timeline.add(beat_at(100, sentence));
  EXPECT_EQ(sentences(timeline.take_settled(WallTime(10s))), "abc");
}

TEST(Timeline, LetsTheLaterOnesWait) {
  Timeline timeline;
  timeline.add(beat_at(100, "a"));
  timeline.add(beat_at(200, "b"));
  EXPECT_EQ(sentences(timeline.take_settled(WallTime(100ms + Timeline::kSettlingTime))), "a");
}

}  // namespace
}  // namespace vedette::demo
