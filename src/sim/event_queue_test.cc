#include "sim/event_queue.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace vedette::sim
