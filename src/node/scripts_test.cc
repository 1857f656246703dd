#include "node/scripts.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/serving.h"

namespace vedette::node {
namespace {

class ScriptsTest : public ::testing::Test {
 protected:
  static constexpr ScriptEnd kWell{};
  static constexpr ScriptEnd kAgain{.status = 1};
  static constexpr ScriptEnd kWrong{.status = 2};
  static constexpr ScriptEnd kKilled{.signal = 9};

  void want(const std::string& event, const std::string& text = "text") {
    scripts.carry_out(now, core::RunScript{"/notify", {{"EVENT", event}, {"MESSAGE", text}}});
  }
  void end_last(const ScriptEnd& end) { scripts.ended(now, ScriptRun{runner.started.size()}, end); }
  void end_all_that_run(const ScriptEnd& end) {
    std::vector<ScriptRun> runs;
    for (const Scripts::Job& job : scripts.jobs()) {
      if (job.run) runs.push_back(*job.run);
    }
    for (const ScriptRun run : runs) scripts.ended(now, run, end);
  }
  void advance_to_deadline() {
    ASSERT_TRUE(scripts.next_deadline());
    now = *scripts.next_deadline();
    scripts.on_timer(now);
  }
  std::vector<std::string> take_announced() { return std::exchange(announced_, {}); }

  Instant now{Seconds(1000)};
  vedette::testing::FakeScriptRunner runner;
  vedette::testing::FakeLogger logger;
  core::Timing timing;
  Scripts scripts{runner, logger, timing, [this](Instant, const core::Announce& event) {
                    EXPECT_EQ(event.level, core::Level::kWarning);
                    announced_.push_back(fmt::format("{} {}", event.event, event.payload));
                  }};

 private:
  std::vector<std::string> announced_;
};

TEST_F(ScriptsTest, AreToldInTheirEnvironmentToo) {
  want("+sdown", "master mymaster 10.0.0.1 6379");
  EXPECT_EQ(runner.environment,
            (std::vector<std::string>{"VEDETTE_EVENT=+sdown", "VEDETTE_MESSAGE=master mymaster 10.0.0.1 6379"}));
}

TEST_F(ScriptsTest, AreHeardInTheLog) {
  want("+sdown");
  scripts.started(now, ScriptRun{1}, 4711);
  scripts.printed(ScriptRun{1}, "it is fine");
  EXPECT_EQ(logger.lines.back().second, "/notify (4711) says: it is fine");
}

TEST_F(ScriptsTest, RunAtOnceAndAreForgottenWhenAllWentWell) {
  want("+sdown");
  EXPECT_EQ(runner.started, (std::vector<std::vector<std::string>>{{"/notify", "+sdown", "text"}}));
  EXPECT_EQ(scripts.running(), 1U);
  scripts.started(now, ScriptRun{1}, 4711);
  EXPECT_EQ(scripts.jobs().front().pid, 4711);
  end_last(kWell);
  EXPECT_EQ(scripts.running(), 0U);
  EXPECT_TRUE(scripts.jobs().empty());
  EXPECT_FALSE(scripts.next_deadline());
  EXPECT_TRUE(take_announced().empty());
}

TEST_F(ScriptsTest, AreTriedAgainAfterADelayThatDoubles) {
  want("+sdown");
  std::vector<std::int64_t> delays;
  for (unsigned attempt = 1; attempt < kMaxScriptAttempts; ++attempt) {
    end_last(attempt % 2 == 1 ? kAgain : kKilled);
    const Instant ended = now;
    ASSERT_EQ(runner.started.size(), attempt) << "not before its time";
    ASSERT_NO_FATAL_FAILURE(advance_to_deadline());
    ASSERT_EQ(runner.started.size(), attempt + 1);
    delays.push_back(to_millis(now - ended) / 1000);
  }
  EXPECT_EQ(delays, (std::vector<std::int64_t>{30, 60, 120, 240, 480, 960, 1920, 3840, 7680}));
  EXPECT_TRUE(take_announced().empty());
  end_last(kAgain);
  EXPECT_EQ(take_announced(), std::vector<std::string>{"-script-error /notify 0 1"});
  EXPECT_TRUE(scripts.jobs().empty());
}

// After its last attempt a script that always asked for another one was gone from the queue, but went on being counted
// as running; sixteen of these, and no script was ever started again (redis PR#7113).
TEST_F(ScriptsTest, ThatAlwaysFailLeaveRoomForOthers) {
  for (std::size_t i = 0; i < 2 * kMaxRunningScripts; ++i) want("+sdown");
  while (!scripts.jobs().empty()) {
    if (scripts.running() == 0) {
      ASSERT_NO_FATAL_FAILURE(advance_to_deadline());
    }
    end_all_that_run(kAgain);
  }
  EXPECT_EQ(scripts.running(), 0U);
  EXPECT_EQ(runner.started.size(), 2 * kMaxRunningScripts * kMaxScriptAttempts);
  EXPECT_EQ(take_announced().size(), 2 * kMaxRunningScripts);
  want("-sdown");
  EXPECT_EQ(runner.started.back()[1], "-sdown");
}

TEST_F(ScriptsTest, ThatFailForGoodAreNotTriedAgain) {
  want("+sdown");
  end_last(kWrong);
  EXPECT_EQ(take_announced(), std::vector<std::string>{"-script-error /notify 0 2"});
  EXPECT_TRUE(scripts.jobs().empty());
}

TEST_F(ScriptsTest, ForWhichThereIsNoProcessAreAnnouncedAndTriedAgain) {
  want("+sdown");
  end_last({.signal = ScriptEnd::kNotStarted});
  EXPECT_EQ(take_announced(), std::vector<std::string>{"-script-error /notify 99 0"});
  EXPECT_EQ(scripts.jobs().size(), 1U);
}

TEST_F(ScriptsTest, AreKilledOnceWhenTheyRunForTooLong) {
  want("+sdown");
  scripts.started(now, ScriptRun{1}, 4711);
  ASSERT_NO_FATAL_FAILURE(advance_to_deadline());
  EXPECT_EQ(now, Instant{Seconds(1060)});
  EXPECT_EQ(runner.killed, std::vector{ScriptRun{1}});
  EXPECT_EQ(take_announced(), std::vector<std::string>{"-script-timeout /notify 4711"});
  EXPECT_FALSE(scripts.next_deadline()) << "its end is awaited";
  end_last(kKilled);
  ASSERT_NO_FATAL_FAILURE(advance_to_deadline());
  EXPECT_EQ(now, Instant{Seconds(1090)});
  EXPECT_EQ(runner.started.size(), 2U);
}

TEST_F(ScriptsTest, FollowTimesThatAreChangedWhileTheyRun) {
  want("+sdown");
  timing.script_max_runtime = 5000ms;
  ASSERT_NO_FATAL_FAILURE(advance_to_deadline());
  EXPECT_EQ(now, Instant{Seconds(1005)});
  timing.script_retry_delay = 700ms;
  end_last(kKilled);
  EXPECT_EQ(scripts.next_deadline(), now + 700ms);
}

TEST_F(ScriptsTest, RunUpToALimitAndTheRestWaitInOrder) {
  for (std::size_t i = 0; i < kMaxRunningScripts + 2; ++i) want(fmt::format("{}", i));
  EXPECT_EQ(runner.started.size(), kMaxRunningScripts);
  EXPECT_EQ(scripts.running(), kMaxRunningScripts);
  EXPECT_EQ(scripts.jobs().size(), kMaxRunningScripts + 2);
  scripts.ended(now, ScriptRun{3}, kWell);
  EXPECT_EQ(runner.started.back()[1], "16");
  scripts.ended(now, ScriptRun{1}, kWell);
  EXPECT_EQ(runner.started.back()[1], "17");
}

TEST_F(ScriptsTest, WaitUpToALimitAndTheOldestOfThemIsGivenUp) {
  for (std::size_t i = 0; i < kMaxQueuedScripts; ++i) want(fmt::format("{}", i));
  EXPECT_TRUE(logger.lines.empty());
  want("one more");
  EXPECT_EQ(scripts.jobs().size(), kMaxQueuedScripts);
  EXPECT_EQ(scripts.jobs()[kMaxRunningScripts].command.words[1], "17") << "those that run are not touched";
  EXPECT_EQ(scripts.jobs().back().command.words[1], "one more");
  ASSERT_EQ(logger.lines.size(), 1U);
  EXPECT_EQ(logger.lines[0].second,
            "256 scripts run or wait, which is the limit; the oldest that waits is given up: /notify 16 text");
}

}  // namespace
}  // namespace vedette::node
