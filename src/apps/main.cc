// The `vedette` binary: hands the command line to the command that it names, which is in files of its own, or else runs
// a sentinel. Under another name, such as redis-sentinel, it is a sentinel and nothing else.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "apps/check_config_command.h"
#include "apps/demo/command.h"
#include "apps/sentinel_arguments.h"
#include "apps/sim/command.h"
#include "base/version.h"
#include "net/process_title.h"
#include "net/run.h"
#include "node/info_command.h"

namespace {

constexpr const char* kHowToRun =
    "Without a command, a sentinel runs. It keeps its state in sentinel.conf, or in the file that the line\n"
    "'sentinel state-file <path>' names there. Each --<directive> is read as a line after that file, and\n"
    "'-' as the first or last word is the standard input:\n"
    "  vedette /etc/vedette/sentinel.conf\n"
    "  vedette /etc/vedette/sentinel.conf --port 26380 --sentinel monitor mymaster 127.0.0.1 6379 2\n";

// For people, and for scripts that look for `v=` to learn what this is compatible with.
std::string version() {
  return fmt::format("vedette {} (Redis Sentinel v={})", vedette::kVersion, vedette::node::kRedisVersion);
}

bool asks_for_help_or_version(const std::string& word) {
  return word == "-h" || word == "--help" || word == "-v" || word == "--version";
}

bool names_a_command(const CLI::App& app, const std::string& word) {
  return !app.get_subcommands([&](const CLI::App* command) { return command->check_name(word); }).empty();
}

bool is_called_as_sentinel(const std::string& program) {
  return std::filesystem::path(program).filename().string().find("sentinel") != std::string::npos;
}

int run(int argc, char** argv) {
  const std::vector<std::string> arguments(argv, argv + argc);
  CLI::App app("A Sentinel for Redis and Valkey: monitors primaries and replicas, and fails over.", "vedette");
  app.footer(kHowToRun);
  app.set_version_flag("-v,--version", version());
  int exit_status = 0;
  vedette::apps::add_check_config_command(app, exit_status);
  vedette::demo::add_demo_command(app, exit_status);
  vedette::apps::add_sim_command(app, exit_status);

  const std::string first = argc > 1 ? arguments[1] : "";
  const bool is_command = !is_called_as_sentinel(arguments[0]) && names_a_command(app, first);
  if (!is_command && !asks_for_help_or_version(first)) {
    vedette::net::ProcessTitle title(argc, argv);
    return vedette::net::run_sentinel(vedette::apps::read_sentinel_arguments(arguments), &title);
  }
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
