#include "apps/demo/demo.h"

#include <fmt/format.h>

#include <csignal>
#include <exception>
#include <string_view>

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

int play(const Options& options, StandardOutput& output, Screen& screen) {
  auto stage = Stage::build(options, output, screen);
  if (!stage) {
    complain(stage.error().message);
    return 1;
  }
  const Status played = Script(**stage, options).play();
  screen.clear_status();
  if (const std::string& signal = (*stage)->interrupted_by(); !signal.empty()) {
    screen.blank();
    screen.line(fmt::format("{}: everything is ended and removed", signal));
    return signal_status(signal);
  }
  if (!played) complain(played.error().message);
  return played ? 0 : 1;
}

}  // namespace

int run_demo(const Options& options) {
  net::ignore_harmless_signals();
  StandardOutput output;
  Screen screen(output, choose_style(surroundings_of_standard_output()));
  try {
    return play(options, output, screen);
  } catch (const std::exception& error) {
    screen.clear_status();
    complain(error.what());
    return 1;
  }
}

}  // namespace vedette::demo
