// `vedette-farm`: very many model Redis servers behind real sockets, for benchmarks.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>

#include "apps/farm/control.h"
#include "apps/farm/farm.h"
#include "apps/farm/farm_network.h"
#include "apps/read_file.h"
#include "node/ports.h"

namespace {

using namespace vedette;

class StandardError final : public node::Logger {
  void log(core::Level, std::string_view text) override { fmt::print(stderr, "{}\n", text); }
  void set_level(core::Level) override {}
};

int run(int argc, char** argv) {
  CLI::App app("Very many model Redis servers behind real sockets, for benchmarks.", "vedette-farm");
  farm::FarmSettings settings;
  std::uint16_t control_port = 9999;
  std::string info_file;
  app.add_option("--host", settings.host, "The IP address of all servers")->capture_default_str();
  app.add_option("--first-port", settings.first_port, "Of the servers; the others follow")->capture_default_str();
  app.add_option("--control-port", control_port, "Where it is told what to do")->capture_default_str();
  app.add_option("--primaries", settings.primaries, "How many primaries")->capture_default_str();
  app.add_option("--replicas", settings.replicas, "Replicas of each primary")->capture_default_str();
  app.add_option("--info", info_file, "A file with more text for INFO")->check(CLI::ExistingFile);
  CLI11_PARSE(app, argc, argv);
  const std::uint64_t last = settings.first_port + std::uint64_t{settings.primaries} * (settings.replicas + 1);
  if (last > 65536) throw CLI::ValidationError("--primaries", "there are not so many ports");
  if (!info_file.empty()) settings.more_info = apps::read_file(info_file);

  StandardError logger;
  sim::EventQueue queue;
  farm::FarmNetwork network(settings.host, queue, logger);
  farm::Farm servers(settings, queue, network);
  const farm::Control control(queue, network, servers, {settings.host, control_port});
  network.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "vedette-farm: {}\n", error.what());
    return 1;
  }
}
