#include "net/log_queue.h"

#include <gtest/gtest.h>

#include <thread>

namespace vedette::net {
namespace {

LogLine line(std::string text) { return {core::Level::kNotice, {}, std::move(text)}; }

std::string take_text(LogQueue& queue, std::size_t most = 1) {
  std::string text;
  for (const LogLine& taken : queue.take(most)) text += taken.text;
  return text;
}

TEST(LogQueueTest, GivesLinesInTheirOrder) {
  LogQueue queue(8);
  queue.add(line("first"));
  queue.add({core::Level::kWarning, std::chrono::system_clock::time_point(5s), "second"});
  EXPECT_EQ(take_text(queue), "first");
  const auto second = queue.take(1).at(0);
  EXPECT_EQ(second.text, "second");
  EXPECT_EQ(second.level, core::Level::kWarning);
  EXPECT_EQ(second.at, std::chrono::system_clock::time_point(5s));
}

TEST(LogQueueTest, DropsTheOldestWhereThereIsNoRoom) {
  LogQueue queue(2);
  queue.add(line("a"));
  queue.add(line("bb"));
  EXPECT_EQ(queue.counts().dropped, 0U);
  queue.add(line("ccc"));
  EXPECT_EQ(queue.counts().dropped, 1U);
  EXPECT_EQ(queue.counts().lines, 2U);
  EXPECT_EQ(take_text(queue), "bb");
  EXPECT_EQ(take_text(queue), "ccc");
}

TEST(LogQueueTest, GivesAsManyAsAreWaitingAndWanted) {
  LogQueue queue(8);
  for (const std::string_view word : {"a", "b", "c"}) queue.add(line(std::string(word)));
  EXPECT_EQ(take_text(queue, 2), "ab");
  EXPECT_EQ(take_text(queue, 2), "c");
}

TEST(LogQueueTest, CountsWhatWaits) {
  LogQueue queue(8);
  queue.add(line("four"));
  queue.add(line("seven.."));
  EXPECT_EQ(queue.counts().text_bytes, 11U);
  queue.take(1);
  EXPECT_EQ(queue.counts().lines, 1U);
  EXPECT_EQ(queue.counts().text_bytes, 7U);
}

TEST(LogQueueTest, GivesWhatWaitsAfterItWasClosed) {
  LogQueue queue(8);
  queue.add(line("last"));
  queue.close();
  EXPECT_EQ(take_text(queue), "last");
  EXPECT_TRUE(queue.take(1).empty());
}

TEST(LogQueueTest, WhoTakesIsWokenByALineAndByTheEnd) {
  LogQueue queue(8);
  std::string text;
  std::thread taker([&] {
    for (auto taken = take_text(queue); !taken.empty(); taken = take_text(queue)) text += taken;
  });
  for (const std::string_view word : {"a", "b", "c"}) queue.add(line(std::string(word)));
  queue.close();
  taker.join();
  EXPECT_EQ(text, "abc");
}

}  // namespace
}  // namespace vedette::net
