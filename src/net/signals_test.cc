#include "net/signals.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "net/test_world.h"

namespace vedette::net {
namespace {

TEST(Signals, AreCallsOnTheLoop) {
  asio::io_context loop;
  std::vector<std::string> heard;
  const Signals signals(loop, {.terminate = [&](std::string_view name) { heard.emplace_back(name); },
                               .reload = [&] { heard.emplace_back("reopen"); },
                               .child_ended = [&] { heard.emplace_back("child"); }});
  for (const int signal : {SIGHUP, SIGTERM, SIGINT, SIGCHLD}) {
    const std::size_t before = heard.size();
    kill(getpid(), signal);
    EXPECT_EQ(heard.size(), before) << "called from within the signal handler";
    run_until(loop, [&] { return heard.size() > before; });
  }
  EXPECT_EQ(heard, (std::vector<std::string>{"reopen", "SIGTERM", "SIGINT", "child"}));
}

TEST(Signals, WritingToNobodyIsNoReasonToDie) {
  ignore_harmless_signals();
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ::close(ends[0]);
  EXPECT_EQ(::write(ends[1], "x", 1), -1);
  ::close(ends[1]);
}

}  // namespace
}  // namespace vedette::net
