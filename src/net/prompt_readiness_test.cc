// Readiness by Asio: what is told, and what is not any more.
#include "net/prompt_readiness.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <vector>

#include "net/descriptor.h"
#include "net/test_world.h"

namespace vedette::net {
namespace {

class Listening final : public Readiness::Waiter {
 public:
  void ready(Directions directions) override { told.push_back(directions); }

  std::vector<Directions> told;
};

class PromptReadinessTest : public ::testing::Test {
 protected:
  static constexpr Directions kInput = Directions::kNone | Direction::kInput;
  static constexpr Directions kOutput = Directions::kNone | Direction::kOutput;

  PromptReadinessTest() {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    here = Descriptor(ends[0]);
    there = Descriptor(ends[1]);
  }
  void watch(Directions before, Directions now) { EXPECT_FALSE(readiness.watch(here.get(), waiter, before, now)); }
  void say_something() const { EXPECT_EQ(::send(there.get(), "x", 1, 0), 1); }

  asio::io_context loop;
  PromptReadiness readiness{loop};
  Descriptor here;
  Descriptor there;
  Listening waiter;
};

TEST_F(PromptReadinessTest, TellsWhatIsWaitedForUntilItIsNoMore) {
  watch(Directions::kNone, kOutput);
  run_until(loop, [&] { return waiter.told.size() >= 2; });
  EXPECT_EQ(waiter.told.front(), kOutput);
  watch(kOutput, kInput);
  loop.poll();
  waiter.told.clear();
  loop.poll();
  EXPECT_TRUE(waiter.told.empty());
  say_something();
  run_until(loop, [&] { return waiter.told.size() >= 2; });
  EXPECT_EQ(waiter.told.front(), kInput);
  watch(kInput, Directions::kNone);
}

TEST_F(PromptReadinessTest, TellsNothingAfterTheEndAndLeavesTheSocketOpen) {
  say_something();
  watch(Directions::kNone, kInput);
  loop.poll_one();
  watch(kInput, Directions::kNone);
  waiter.told.clear();
  loop.restart();
  loop.run();
  EXPECT_TRUE(waiter.told.empty());
  char byte = 0;
  EXPECT_EQ(::recv(here.get(), &byte, 1, 0), 1);
}

TEST_F(PromptReadinessTest, SaysThatASocketCannotBeWatched) {
  EXPECT_EQ(readiness.watch(-1, waiter, Directions::kNone, kInput), boost::system::errc::bad_file_descriptor);
}

}  // namespace
}  // namespace vedette::net
