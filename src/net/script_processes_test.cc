#include "net/script_processes.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "net/files.h"
#include "net/signals.h"
#include "net/test_world.h"

namespace vedette::net {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string text_of(const std::string& path) {
  const Result<std::string> text = read_file(path, 1U << 20);
  return text ? *text : "";
}

class ScriptProcessesTest : public ::testing::Test, public ScriptEvents {
 protected:
  explicit ScriptProcessesTest(bool inherit = false) : processes(loop, *this, inherit) {}

  void on_script_started(node::ScriptRun run, pid_t pid) override { started[run] = pid; }
  void on_script_printed(node::ScriptRun run, std::string_view line) override { printed[run].emplace_back(line); }
  void on_script_ended(node::ScriptRun run, const node::ScriptEnd& end) override { ended[run] = end; }

  std::string write_script(const std::string& text) {
    const std::string path = directory / "script";
    std::ofstream(path) << text;
    EXPECT_EQ(chmod(path.c_str(), 0700), 0);
    return path;
  }
  node::ScriptEnd end_of(node::ScriptRun run) {
    run_until(loop, [&] { return ended.contains(run); });
    return ended[run];
  }
  node::ScriptEnd run_script(const std::string& text) {
    return end_of(processes.start({{write_script("#!/bin/sh\n" + text)}, {}}));
  }
  std::string output() { return text_of(directory / "output"); }

  TemporaryDirectory directory;
  asio::io_context loop;
  std::map<node::ScriptRun, pid_t> started;
  std::map<node::ScriptRun, node::ScriptEnd> ended;
  std::map<node::ScriptRun, std::vector<std::string>> printed;
  ScriptProcesses processes;
  Signals signals{loop,
                  {.terminate = [](std::string_view) {}, .reload = [] {}, .child_ended = [this] { processes.reap(); }}};
};

TEST_F(ScriptProcessesTest, GetTheirArgumentsAsTheyAre) {
  const std::string path = write_script("#!/bin/sh\nprintf '%s|' \"$@\" > " + (directory / "output"));
  const node::ScriptRun run = processes.start({{path, "+sdown", "master \"x\" $(id) 'y'"}, {}});
  EXPECT_EQ(end_of(run).status, 0);
  EXPECT_EQ(output(), "+sdown|master \"x\" $(id) 'y'|");
  EXPECT_GT(started[run], 0);
}

TEST_F(ScriptProcessesTest, TellHowTheyEnded) {
  EXPECT_EQ(run_script("exit 1").status, 1);
  EXPECT_EQ(run_script("exit 77").status, 77);
  EXPECT_EQ(run_script("kill -TERM $$").signal, SIGTERM);
}

TEST_F(ScriptProcessesTest, WhatIsNoProgramFailsForGood) {
  const node::ScriptEnd missing = end_of(processes.start({{directory / "nothing"}, {}}));
  EXPECT_EQ(missing.status, node::ScriptEnd::kCannotExecute);
  EXPECT_EQ(missing.signal, 0);
  EXPECT_EQ(end_of(processes.start({{write_script("echo no first line")}, {}})).status,
            node::ScriptEnd::kCannotExecute);
}

TEST_F(ScriptProcessesTest, InheritNoDescriptorButTheStandardOnes) {
  constexpr int kBeyondThoseOfAShell = 100;
  const int inheritable = fcntl(STDOUT_FILENO, F_DUPFD, kBeyondThoseOfAShell);  // as far as the kernel is concerned
  ASSERT_GE(inheritable, kBeyondThoseOfAShell);
  EXPECT_EQ(run_script("for fd in /proc/$$/fd/*; do echo -n \"${fd##*/} \"; done > " + (directory / "output")).status,
            0);
  const std::string mentioned = " " + output();
  EXPECT_EQ(mentioned.substr(0, 5), " 0 1 ") << mentioned;
  EXPECT_EQ(mentioned.find(" " + std::to_string(inheritable) + " "), std::string::npos) << mentioned;
  ::close(inheritable);
}

TEST_F(ScriptProcessesTest, HaveAShortEnvironmentAndWhatTheyAreTold) {
  ASSERT_EQ(setenv("VEDETTE_TEST_SECRET", "hush", 1), 0);
  ASSERT_EQ(setenv("TZ", "UTC", 1), 0);
  const std::string path = write_script("#!/bin/sh\nexport -p");
  const std::string told = "VEDETTE_EVENT=+sdown";
  const node::ScriptRun clean = processes.start({{path}, {told}});
  end_of(clean);
  EXPECT_THAT(printed[clean], Contains(HasSubstr("VEDETTE_EVENT='+sdown'")));
  EXPECT_THAT(printed[clean], Contains(HasSubstr("TZ='UTC'")));
  EXPECT_THAT(printed[clean], Not(Contains(HasSubstr("hush"))));
  unsetenv("VEDETTE_TEST_SECRET");
}

class InheritingScriptProcessesTest : public ScriptProcessesTest {
 protected:
  InheritingScriptProcessesTest() : ScriptProcessesTest(true) {}
};

TEST_F(InheritingScriptProcessesTest, HaveAllThatWeHave) {
  ASSERT_EQ(setenv("VEDETTE_TEST_SECRET", "hush", 1), 0);
  const node::ScriptRun run = processes.start({{write_script("#!/bin/sh\nexport -p")}, {"VEDETTE_EVENT=+sdown"}});
  end_of(run);
  EXPECT_THAT(printed[run], Contains(HasSubstr("VEDETTE_EVENT='+sdown'")));
  EXPECT_THAT(printed[run], Contains(HasSubstr("hush")));
  unsetenv("VEDETTE_TEST_SECRET");
}

TEST_F(ScriptProcessesTest, AreHeardLineByLine) {
  const std::string text = "echo one; echo two >&2; echo; printf 'no end'";
  const node::ScriptRun run = processes.start({{write_script("#!/bin/sh\n" + text)}, {}});
  end_of(run);
  EXPECT_THAT(printed[run], ElementsAre("one", "two", "", "no end"));
}

TEST_F(ScriptProcessesTest, AreHeardUpToALimitAndNeverWait) {
  const std::string line(99, 'x');
  const node::ScriptRun run =
      processes.start({{write_script("#!/bin/sh\nyes " + line + " | head -c 5000000; printf '\\n'")}, {}});
  EXPECT_EQ(end_of(run).status, 0);
  const std::vector<std::string>& lines = printed[run];
  ASSERT_EQ(lines.size(), ScriptOutput::kMaxBytes / 100 + 2);
  EXPECT_EQ(lines.front(), line);
  EXPECT_EQ(lines.back(), "(more than 65536 bytes: the rest is dropped)");
}

TEST_F(ScriptProcessesTest, LongLinesComeInPieces) {
  const node::ScriptRun run = processes.start({{write_script("#!/bin/sh\nprintf '%03000d' 0")}, {}});
  end_of(run);
  ASSERT_EQ(printed[run].size(), 3U);
  EXPECT_EQ(printed[run][0].size(), ScriptOutput::kMaxLineBytes);
}

TEST_F(ScriptProcessesTest, HaveNothingToRead) { EXPECT_EQ(run_script("read word; test -z \"$word\"").status, 0); }

TEST_F(ScriptProcessesTest, AreNotWaitedForByWhatTheyLeaveBehind) {
  const node::ScriptRun run = processes.start({{write_script("#!/bin/sh\nsleep 1000 & echo done")}, {}});
  EXPECT_EQ(end_of(run).status, 0);
  EXPECT_THAT(printed[run], ElementsAre("done"));
  ::kill(-started[run], SIGKILL);
}

TEST_F(ScriptProcessesTest, BeginWithSignalsAsAFreshProcessHasThem) {
  ignore_harmless_signals();
  EXPECT_EQ(run_script("sed -n 's/^Sig\\(Blk\\|Ign\\):.//p' /proc/self/status > " + (directory / "output")).status, 0);
  std::istringstream masks(output());
  std::uint64_t blocked = 0;
  std::uint64_t ignored = 0;
  masks >> std::hex >> blocked >> ignored;
  EXPECT_FALSE(masks.fail());
  constexpr std::uint64_t kClassic = 0x7fffffff;  // the C library ignores two of its own beyond these
  EXPECT_EQ(blocked & kClassic, 0U);
  EXPECT_EQ(ignored & kClassic, 0U);
}

TEST_F(ScriptProcessesTest, AreKilledWithAllThatTheyHaveStarted) {
  const node::ScriptRun run =
      processes.start({{write_script("#!/bin/sh\nsleep 1000 & echo $! > " + (directory / "output") + "\nwait")}, {}});
  run_until(loop, [&] { return !output().empty() && output().back() == '\n'; });
  const pid_t grandchild = std::stoi(output());
  processes.kill(run);
  EXPECT_EQ(end_of(run).signal, SIGKILL);
  // It is not ours to reap: whoever adopts it does that, or leaves it dead.
  const std::string status = "/proc/" + std::to_string(grandchild) + "/status";
  run_until(loop, [&] {
    const std::string text = text_of(status);
    return text.empty() || text.find("State:\tZ") != std::string::npos;
  });
}

TEST_F(ScriptProcessesTest, AreKilledAlsoBeforeTheLoopHasHeardOfTheirStart) {
  const node::ScriptRun run = processes.start({{write_script("#!/bin/sh\nexec sleep 1000")}, {}});
  processes.kill(run);
  EXPECT_EQ(end_of(run).signal, SIGKILL);
}

// As process 1 of a container one inherits children, and nobody else reaps them (bitnami charts#10002).
TEST_F(ScriptProcessesTest, ReapChildrenThatAreNotOurs) {
  const pid_t stranger = fork();
  if (stranger == 0) _exit(3);
  run_until(loop, [&] { return ::kill(stranger, 0) != 0; });
  EXPECT_EQ(run_script("exit 0").status, 0);
  EXPECT_EQ(ended.size(), 1U);
}

TEST_F(ScriptProcessesTest, ManyAtOnceAreAllHeardOf) {
  const std::string path = write_script("#!/bin/sh\nexit 5");
  std::vector<node::ScriptRun> runs;
  for (int i = 0; i < 50; ++i) runs.push_back(processes.start({{path}, {}}));
  for (const node::ScriptRun run : runs) EXPECT_EQ(end_of(run).status, 5);
}

}  // namespace
}  // namespace vedette::net
