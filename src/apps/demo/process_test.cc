#include "apps/demo/process.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "base/text.h"
#include "net/test_world.h"

namespace vedette::demo {
namespace {

class ProcessTest : public ::testing::Test {
 protected:
  std::unique_ptr<Process> shell(const std::string& script) {
    auto process = Process::start(loop_, {"/bin/sh", {"sh", "-c", script}, "/"},
                                  [this](std::string_view line) { lines_.emplace_back(line); });
    EXPECT_TRUE(process);
    return *std::move(process);
  }

  void await_lines(std::size_t count) {
    net::run_until(loop_, [&] { return lines_.size() >= count; });
  }

  net::asio::io_context loop_;
  std::vector<std::string> lines_;
};

bool exists(pid_t pid) { return ::kill(pid, 0) == 0; }

// Also if whoever adopted it has not reaped it yet.
bool is_gone(pid_t pid) {
  std::ifstream stat(fmt::format("/proc/{}/stat", pid));
  std::string text;
  std::getline(stat, text);
  return text.empty() || text.find(") Z ") != std::string::npos;
}

TEST_F(ProcessTest, GivesItsOutputAsLines) {
  const auto process = shell("echo one; echo two >&2; pwd; date +%Z");
  await_lines(4);
  EXPECT_EQ(lines_, (std::vector<std::string>{"one", "two", "/", "UTC"}));
}

TEST_F(ProcessTest, TellsHowItEnded) {
  const auto process = shell("echo words; exit 3");
  await_lines(1);
  net::run_until(loop_, [&] { return !process->running(); });
  EXPECT_EQ(process->describe_end(), "ended with status 3");
  EXPECT_EQ(process->last_lines(), std::vector<std::string>{"words"});
}

TEST_F(ProcessTest, IsGoneAfterAKill) {
  const auto process = shell("echo started; exec sleep 1000");
  await_lines(1);
  EXPECT_TRUE(process->running());
  process->kill();
  EXPECT_FALSE(exists(process->pid()));
  EXPECT_EQ(process->describe_end(), "was killed by signal 9");
}

TEST_F(ProcessTest, TakesWhatItStartedWithIt) {
  const auto process = shell("sleep 1000 & echo $!; wait");
  await_lines(1);
  process->kill();
  const auto child = parse_integer<pid_t>(lines_.front());
  ASSERT_TRUE(child);
  net::run_until(loop_, [&] { return is_gone(*child); });
}

TEST_F(ProcessTest, IsGoneWithItsOwner) {
  auto process = shell("echo started; exec sleep 1000");
  await_lines(1);
  const pid_t pid = process->pid();
  process.reset();
  EXPECT_FALSE(exists(pid));
}

TEST_F(ProcessTest, DiesWithUsHoweverWeDie) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t parent = fork();
  if (parent == 0) {
    net::asio::io_context loop;
    bool started = false;
    const auto process = Process::start(loop, {"/bin/sh", {"sh", "-c", "echo started; exec sleep 1000"}, "/"},
                                        [&started](std::string_view) { started = true; });
    net::run_until(loop, [&] { return started; });
    const pid_t pid = process.value()->pid();
    if (write(ends[1], &pid, sizeof(pid)) < 0) _exit(1);
    raise(SIGKILL);
  }
  pid_t pid = 0;
  ASSERT_EQ(read(ends[0], &pid, sizeof(pid)), static_cast<ssize_t>(sizeof(pid)));
  waitpid(parent, nullptr, 0);
  net::run_until(loop_, [&] { return is_gone(pid); });
  close(ends[0]);
  close(ends[1]);
}

TEST_F(ProcessTest, HearsNoSignalsMeantForUs) {
  const auto process = shell("echo started; exec sleep 1000");
  await_lines(1);
  EXPECT_NE(getpgid(process->pid()), getpgid(0));
}

TEST_F(ProcessTest, InheritsNoneOfOurFiles) {
  const auto process = shell("ls /proc/self/fd | wc -l");  // 0, 1, 2, and the directory itself
  await_lines(1);
  EXPECT_EQ(lines_.front(), "4");
}

TEST_F(ProcessTest, ThatCannotBeExecutedSaysSo) {
  auto process = Process::start(loop_, {"/no/such/program", {"program"}, "/"},
                                [this](std::string_view line) { lines_.emplace_back(line); });
  ASSERT_TRUE(process);
  await_lines(1);
  net::run_until(loop_, [&] { return !(*process)->running(); });
  EXPECT_EQ((*process)->describe_end(), "ended with status 127");
  EXPECT_EQ(lines_.front(), "it cannot be executed");
}

TEST_F(ProcessTest, KeepsOnlyItsLastLinesAndTheirBeginnings) {
  const auto process =
      shell("for i in 1 2 3 4 5 6 7 8 9 10; do echo $i; done; head -c 20000 /dev/zero | tr '\\0' x; echo");
  await_lines(11);
  const auto last = process->last_lines();
  ASSERT_EQ(last.size(), Process::kLastLines);
  EXPECT_EQ(last.front(), "4");
  EXPECT_EQ(last.back(), std::string(Process::kMaxLineBytes, 'x'));
}

TEST(Program, IsFoundOnThePath) {
  EXPECT_TRUE(find_program("sh").ends_with("/sh"));
  EXPECT_EQ(find_program("no-such-program-anywhere"), "");
}

}  // namespace
}  // namespace vedette::demo
