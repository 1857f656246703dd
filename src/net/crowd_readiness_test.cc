// Readiness of a crowd: who is told of what, how many at once, and who is not told any more.
#include "net/crowd_readiness.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>
#include <deque>
#include <functional>

#include "net/descriptor.h"
#include "net/test_world.h"

namespace vedette::net {
namespace {

constexpr Directions kInput = Directions::kNone | Direction::kInput;
constexpr Directions kBoth = kInput | Direction::kOutput;

// One end of a connection, with what it was told.
class End final : public Readiness::Waiter {
 public:
  explicit End(Readiness& readiness) : readiness_(readiness) {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    here = Descriptor(ends[0]);
    there = Descriptor(ends[1]);
  }
  ~End() override { watch(Directions::kNone); }

  void ready(Directions directions) override {
    told.push_back(directions);
    if (then) then();
  }
  void watch(Directions directions) {
    EXPECT_FALSE(readiness_.watch(here.get(), *this, watched_, directions));
    watched_ = directions;
  }
  void say_something() const { EXPECT_EQ(::send(there.get(), "x", 1, 0), 1); }

  Descriptor here;
  Descriptor there;
  std::deque<Directions> told;
  std::function<void()> then;

 private:
  Readiness& readiness_;
  Directions watched_ = Directions::kNone;
};

class CrowdReadinessTest : public ::testing::Test {
 protected:
  std::deque<End> ready_ends(std::size_t count) {
    std::deque<End> ends;
    for (std::size_t i = 0; i < count; ++i) {
      ends.emplace_back(readiness).say_something();
      ends.back().watch(kInput);
    }
    return ends;
  }
  static std::size_t told(const std::deque<End>& ends) {
    std::size_t count = 0;
    for (const End& end : ends) count += end.told.size();
    return count;
  }

  asio::io_context loop;
  CrowdReadiness readiness{loop, 2};
};

TEST_F(CrowdReadinessTest, TellsWhatIsWaitedForAndNothingElse) {
  End end(readiness);
  end.watch(kBoth);
  run_until(loop, [&] { return !end.told.empty(); });
  EXPECT_EQ(end.told.front(), Directions::kNone | Direction::kOutput);
  end.watch(kInput);
  end.told.clear();
  loop.poll();
  EXPECT_TRUE(end.told.empty());
  end.say_something();
  run_until(loop, [&] { return !end.told.empty(); });
  EXPECT_EQ(end.told.front(), kInput);
}

TEST_F(CrowdReadinessTest, TellsOfTheOtherSidesEnd) {
  End end(readiness);
  end.watch(kInput);
  end.there = Descriptor();
  run_until(loop, [&] { return !end.told.empty(); });
  EXPECT_TRUE(contains(end.told.front(), Direction::kInput));
}

TEST_F(CrowdReadinessTest, TellsAtMostSoManyInOneVisitAndAllInTheEnd) {
  const std::deque<End> ends = ready_ends(5);
  loop.run_one();
  EXPECT_EQ(told(ends), 2U);
  run_until(loop,
            [&] { return std::all_of(ends.begin(), ends.end(), [](const End& end) { return !end.told.empty(); }); });
}

TEST_F(CrowdReadinessTest, LetsOthersHaveTheirTurn) {
  const std::deque<End> ends = ready_ends(5);
  std::size_t told_before = 0;
  const std::function<void()> look = [&] {
    told_before = told(ends);
    if (told_before == 0) asio::post(loop, look);
  };
  asio::post(loop, look);
  run_until(loop, [&] { return told_before != 0; });
  EXPECT_LE(told_before, 4U);
}

TEST_F(CrowdReadinessTest, ForgetsWhoseTurnWasNext) {
  std::deque<End> ends = ready_ends(2);
  for (std::size_t i : {0U, 1U}) {
    ends[i].then = [&ends, i] { ends[1 - i].watch(Directions::kNone); };
  }
  loop.run_one();
  EXPECT_EQ(told(ends), 1U);
}

TEST_F(CrowdReadinessTest, KeepsTheLoopRunningForThoseWhoWaitOnly) {
  {
    End end(readiness);
    end.watch(kInput);
    loop.poll();
    EXPECT_FALSE(loop.stopped());
  }
  loop.run();
  EXPECT_TRUE(loop.stopped());
}

TEST_F(CrowdReadinessTest, SaysThatASocketCannotBeWatched) {
  End end(readiness);
  EXPECT_EQ(readiness.watch(-1, end, Directions::kNone, kInput), boost::system::errc::bad_file_descriptor);
  loop.run();  // nobody is waited for
}

TEST(CrowdReadinessThatIsGone, TellsNobody) {
  asio::io_context loop;
  auto readiness = std::make_unique<CrowdReadiness>(loop, 1);
  {
    End end(*readiness);
    end.say_something();
    end.watch(kInput);
    loop.poll_one();  // its next visit waits in the loop now
  }
  readiness.reset();
  loop.run();
}

}  // namespace
}  // namespace vedette::net
