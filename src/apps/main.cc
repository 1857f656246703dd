// The `vedette` binary: hands the command line to the command that it names. Each command is in files of its own.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>

#include "apps/demo/command.h"
#include "apps/run_command.h"
#include "base/version.h"

namespace {

int run(int argc, char** argv) {
  CLI::App app("A Sentinel for Redis and Valkey: monitors primaries and replicas, and fails over.", "vedette");
  app.set_version_flag("-v,--version", "vedette " + std::string(vedette::kVersion));
  int exit_status = 0;
  vedette::apps::add_run_command(app, exit_status);
  vedette::demo::add_demo_command(app, exit_status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 1;  // CLI11 has a status for each mistake; ours is 1 for all
  }
  return exit_status;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "vedette: %s\n", error.what());
    return 1;
  }
}
