#include "apps/demo/history.h"

#include <gtest/gtest.h>

#include <utility>

namespace vedette::demo {
namespace {

Report report(Lane who, int millis, std::string event, std::string text = {}) {
  return {.who = who, .at = WallTime(Millis(millis)), .event = std::move(event), .text = std::move(text)};
}

TEST(History, KnowsTheLastReportSinceAnInstant) {
  History history;
  history.add(report(Lane::kA, 1, "+odown", "first"));
  history.add(report(Lane::kB, 2, "+odown", "second"));
  EXPECT_EQ(history.last("+odown", WallTime(0ms))->text, "second");
  EXPECT_EQ(history.last_by(Lane::kA, "+odown", WallTime(0ms))->text, "first");
  EXPECT_EQ(history.last_by(Lane::kA, "+odown", WallTime(2ms)), nullptr);
  EXPECT_EQ(history.last("+sdown", WallTime(0ms)), nullptr);
}

TEST(History, CountsWhatOneSentinelHasFoundOnce) {
  History history;
  for (const char* found : {"7002", "7003", "7002"}) history.add(report(Lane::kA, 1, "+slave", found));
  history.add(report(Lane::kB, 1, "+slave", "7004"));
  EXPECT_EQ(history.distinct(Lane::kA, "+slave"), 2U);
}

TEST(History, ForgetsTheOldestReportsWhenItIsFull) {
  History history;
  history.add(report(Lane::kA, 0, "+odown"));
  for (std::size_t i = 1; i < History::kMaxReports; ++i) history.add(report(Lane::kA, 1, "+sdown"));
  EXPECT_NE(history.last("+odown", WallTime(0ms)), nullptr);
  history.add(report(Lane::kA, 2, "+sdown"));
  EXPECT_EQ(history.last("+odown", WallTime(0ms)), nullptr);
}

}  // namespace
}  // namespace vedette::demo
