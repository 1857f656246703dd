#include "apps/demo/demo.h"

#include <fmt/format.h>

#include <csignal>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "apps/demo/output.h"
#include "apps/demo/screen.h"
#include "apps/demo/script.h"
#include "apps/demo/stage.h"

namespace vedette::demo {
namespace {

constexpr int kSignalStatus = 128;  // and the signal's number on top, as shells have it

int signal_status(std::string_view name) {
  return kSignalStatus + (name == "SIGINT" ? SIGINT : name == "SIGHUP" ? SIGHUP : SIGTERM);
}

void complain(std::string_view message) { fmt::print(stderr, "vedette demo: {}\n", message); }

// How it ended, once nothing of it is left.
struct Ending {
  Status status;
  std::string signal;  // empty: none ended it
};

Ending play(const Options& options, StandardOutput& output, Screen& screen) {
  auto stage = Stage::build(options, output, screen);
  if (!stage) return {stage.error(), ""};
  Status played = Script(**stage, options).play();
  screen.clear_status();
  return {std::move(played), (*stage)->interrupted_by()};
}

int conclude(const Ending& ending, Screen& screen) {
  if (!ending.signal.empty()) {
    screen.blank();
    screen.note(fmt::format("{}: all processes are ended, and all files removed", ending.signal));
  }
  if (ending.status) return 0;
  if (!ending.signal.empty()) return signal_status(ending.signal);
  complain(ending.status.error().message);
  return 1;
}

}  // namespace

int run_demo(const Options& options) {
  net::ignore_harmless_signals();
  StandardOutput output;
  Screen screen(output, choose_style(surroundings_of_standard_output()));
  try {
    return conclude(play(options, output, screen), screen);
  } catch (const std::exception& error) {
    screen.clear_status();
    complain(error.what());
    return 1;
  }
}

}  // namespace vedette::demo
