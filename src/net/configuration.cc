#include "net/configuration.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "base/host.h"
#include "base/text.h"
#include "base/version.h"
#include "net/file_store.h"
#include "net/files.h"
#include "net/includes.h"

namespace vedette::net {
namespace {

std::string absolute(const std::string& path) {
  return path.empty() ? path : std::filesystem::absolute(path).lexically_normal().string();
}

Result<conf::Source> read_source(const std::string& path, const std::string& name) {
  auto text = read_file(path, conf::File::kMaxBytes);
  if (!text) return Error{fmt::format("Fatal error, can't open config file '{}': {}", name, text.error().message)};
  return conf::Source{name, *std::move(text)};
}

Result<conf::Sources> read_sources(const Invocation& invocation) {
  conf::Sources sources;
  sources.include = read_included;
  sources.is_executable = is_executable;
  if (const std::string path = absolute(invocation.config_file); !path.empty()) {
    auto file = read_source(path, path);
    if (!file) return file.error();
    sources.file = *std::move(file);
  }
  if (invocation.reads_standard_input) {
    auto input = read_source("/dev/stdin", "standard input");
    if (!input) return input.error();
    sources.appended.push_back(*std::move(input));
  }
  if (!invocation.directives.empty()) sources.appended.push_back({"command line", invocation.directives});
  return sources;
}

std::string reading(const std::string& path, const conf::Problem& problem) {
  const std::string& source = problem.source.empty() ? path : problem.source;
  if (!source.starts_with('/')) return "Reading the " + source;
  return "Reading the configuration file " + source;
}

// The file at `path`, or what is wrong with it.
Result<conf::File> without_problems(std::variant<conf::File, std::vector<conf::Problem>> read,
                                    const std::string& path) {
  if (const auto* problems = std::get_if<std::vector<conf::Problem>>(&read)) {
    return Error{describe_problems(path, *problems)};
  }
  return std::get<conf::File>(std::move(read));
}

// A state file that is missing is made, which shows whether it can be.
Result<std::string> read_state(const std::string& path) {
  if (!std::filesystem::exists(path)) {
    if (const Status made = replace_file(path, ""); !made) return made.error();
  }
  auto text = read_file(path, conf::File::kMaxBytes);
  if (!text) return Error{fmt::format("Fatal error, can't open state file '{}': {}", path, text.error().message)};
  return text;
}

// There is one only if the last life did not end in an orderly way.
Result<std::string> read_journal(const std::string& path) {
  if (!std::filesystem::exists(path)) return std::string();
  auto journal = read_file(path, conf::kMaxJournalBytes);
  if (!journal) {
    return Error{
        fmt::format("Fatal error, can't read the journal '{}': {}. It may have promises that the state file "
                    "beside it does not have",
                    path, journal.error().message)};
  }
  return journal;
}

}  // namespace

Result<std::variant<conf::File, std::vector<conf::Problem>>> read_configuration(const Invocation& invocation) {
  const auto sources = read_sources(invocation);
  if (!sources) return sources.error();
  return conf::File::parse(*sources);
}

std::vector<conf::Problem> problems_here(const conf::Configuration& configuration) {
  std::vector<conf::Problem> problems;
  const std::string& source = configuration.server.bind_source_address;
  if (!source.empty() && !is_ip_literal(source)) {
    problems.push_back({0, "", fmt::format("bind-source-addr '{}' is no IP address", source)});
  }
  return problems;
}

std::string state_file_of(const conf::ServerSettings& server, const std::string& config_file) {
  if (server.state_file.empty()) return absolute(config_file);
  return absolute((std::filesystem::path(server.directory) / server.state_file).string());
}

Result<LoadedConfiguration> load_configuration(const Invocation& invocation) {
  const std::string path = absolute(invocation.config_file);
  auto read = read_configuration(invocation);
  if (!read) return read.error();
  if (const auto* problems = std::get_if<std::vector<conf::Problem>>(&*read)) {
    return Error{describe_problems(path, *problems)};
  }
  auto& file = std::get<conf::File>(*read);
  const conf::Configuration& configuration = file.configuration();
  if (const auto problems = problems_here(configuration); !problems.empty()) {
    return Error{describe_problems(path, problems)};
  }
  const std::string state_file = state_file_of(configuration.server, path);
  if (state_file.empty()) return Error{"Sentinel needs config file on disk to save state. Exiting..."};
  std::string state_text = file.text();
  if (state_file != path) {
    auto state = read_state(state_file);
    if (!state) return state.error();
    state_text = *std::move(state);
    auto joined = without_problems(file.with_state(state_text), state_file);
    if (!joined) return joined.error();
    file = *std::move(joined);
  }
  const std::string journal_file = journal_of(state_file);
  const auto journal = read_journal(journal_file);
  if (!journal) return journal.error();
  auto continued = without_problems(file.with_journal(state_text, *journal), journal_file);
  if (!continued) return continued.error();
  if (const Status status = check_replaceable(state_file); !status) {
    return Error{status.error().message + ". Sentinel keeps its state there. Exiting..."};
  }
  return LoadedConfiguration{*std::move(continued), path, state_file, conf::Journal(state_text, !journal->empty())};
}

std::string describe_problems(const std::string& path, const std::vector<conf::Problem>& problems) {
  std::string text = fmt::format("\n*** FATAL CONFIG FILE ERROR (Vedette {}) ***", kVersion);
  for (const conf::Problem& problem : problems) {
    text += "\n" + reading(path, problem);
    if (problem.line_number != 0) {
      text += fmt::format(", at line {}\n>>> '{}'", problem.line_number, escape_controls(problem.line));
    }
    text += "\n" + escape_controls(problem.reason);
  }
  return text;
}

}  // namespace vedette::net
