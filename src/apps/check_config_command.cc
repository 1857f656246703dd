#include "apps/check_config_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <variant>
#include <vector>

#include "base/text.h"
#include "conf/advice.h"
#include "net/configuration.h"
#include "net/files.h"

namespace vedette::apps {
namespace {

using Problems = std::vector<conf::Problem>;

conf::Problem of_whole_file(std::string reason) { return {0, {}, std::move(reason)}; }

// What would stop a start on this machine, for whoever asks.
Problems problems_of_machine(const conf::File& file, const std::string& path) {
  const conf::ServerSettings& server = file.configuration().server;
  Problems problems = net::problems_here(file.configuration());
  if (!server.directory.empty() && !std::filesystem::is_directory(server.directory)) {
    problems.push_back(of_whole_file(fmt::format("dir '{}' is not a directory", server.directory)));
  }
  const std::string state_file = net::state_file_of(server, path);
  const bool is_new = !server.state_file.empty() && !std::filesystem::exists(state_file);
  const std::string place = is_new ? std::filesystem::path(state_file).parent_path().string() : state_file;
  if (is_new && ::access(place.c_str(), W_OK) != 0) {
    problems.push_back(of_whole_file(fmt::format("the state file cannot be made in {}", place)));
  } else if (const Status replaceable = is_new ? Status(Ok{}) : net::check_replaceable(place); !replaceable) {
    problems.push_back(of_whole_file(replaceable.error().message));
  }
  return problems;
}

void tell(const std::string& path, std::string_view kind, const Problems& problems, std::string& report) {
  for (const conf::Problem& problem : problems) {
    report += problem.source.empty() ? path : problem.source;
    if (problem.line_number != 0) report += fmt::format(":{}", problem.line_number);
    report += fmt::format(": {}: {}\n", kind, escape_controls(problem.reason));
  }
}

std::string counted(std::size_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

}  // namespace

int check_config(const std::string& path, std::string& report) {
  const auto read = net::read_configuration({.config_file = path});
  if (!read) {
    report += read.error().message + "\n";
    return 1;
  }
  Problems errors;
  Problems warnings;
  if (const auto* problems = std::get_if<Problems>(&*read)) {
    errors = *problems;
  } else {
    const auto& file = std::get<conf::File>(*read);
    errors = problems_of_machine(file, path);
    warnings = conf::advise(file);
  }
  tell(path, "error", errors, report);
  tell(path, "warning", warnings, report);
  report += fmt::format("{}, {}\n", counted(errors.size(), "error"), counted(warnings.size(), "warning"));
  return errors.empty() ? 0 : 1;
}

void add_check_config_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand("check-config", "Say what is wrong with a configuration, and what is risky");
  const auto path = std::make_shared<std::string>();
  command->add_option("FILE", *path, "A sentinel.conf; nothing is changed")->required();
  command->callback([&exit_status, path] {
    std::string report;
    exit_status = check_config(*path, report);
    fmt::print("{}", report);
  });
}

}  // namespace vedette::apps
