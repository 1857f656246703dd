#include "sim/event_queue.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

namespace vedette::sim {
namespace {

TEST(EventQueue, LetsThingsHappenInTheOrderOfTimeAndThenOfQueueing) {
  EventQueue queue;
  std::string order;
  queue.after(20us, [&] { order += 'c'; });
  queue.after(10us, [&] { order += 'a'; });
  queue.after(10us, [&] { order += 'b'; });
  while (queue.run_next(Instant{20us})) {
  }
  EXPECT_EQ(order, "abc");
  EXPECT_EQ(queue.happened(), 3U);
}

TEST(EventQueue, StopsAtTheInstantGiven) {
  EventQueue queue;
  bool happened = false;
  queue.after(11us, [&] { happened = true; });
  EXPECT_FALSE(queue.run_next(Instant{10us}));
  EXPECT_EQ(queue.now(), Instant{10us});
  EXPECT_FALSE(happened);
  EXPECT_TRUE(queue.run_next(Instant{11us}));
  EXPECT_TRUE(happened);
}

TEST(EventQueue, TakesWhatAnEventQueuesForTheSameInstant) {
  EventQueue queue;
  int count = 0;
  queue.after(5us, [&] { queue.after(0us, [&] { ++count; }); });
  while (queue.run_next(Instant{5us})) {
  }
  EXPECT_EQ(count, 1);
}

// What it holds can only be moved, and is given back when it has happened.
TEST(Event, MayBeOfAnySize) {
  const auto held = std::make_shared<int>(0);
  const auto count = [](std::shared_ptr<int> counter, auto... others) {
    return [counter = std::make_unique<std::shared_ptr<int>>(std::move(counter)), others...] {
      (static_cast<void>(others), ...), ++**counter;
    };
  };
  EventQueue queue;
  queue.after(1us, count(held));
  queue.after(2us, count(held, std::array<char, Event::kBytesInPlace - sizeof(void*)>{}));
  queue.after(3us, count(held, std::array<char, Event::kBytesInPlace>{}));
  while (queue.run_next(Instant{3us})) {
  }
  EXPECT_EQ(*held, 3);
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Event, GoesWithAQueueInWhichItHasNotHappened) {
  const auto held = std::make_shared<int>(0);
  {
    EventQueue queue;
    queue.after(1us, [held] { ++*held; });
    EXPECT_EQ(held.use_count(), 2);
  }
  EXPECT_EQ(*held, 0);
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace vedette::sim
