#include "net/run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "base/version.h"
#include "net/configuration.h"
#include "net/log.h"
#include "net/server.h"
#include "net/signals.h"

namespace vedette::net {
namespace {

core::Level level_named(const std::string& name) {
  if (name == "debug") return core::Level::kDebug;
  if (name == "verbose") return core::Level::kVerbose;
  if (name == "warning") return core::Level::kWarning;
  return core::Level::kNotice;
}

// Before relative paths, that of the log among them, are used.
Status enter_directory(const std::string& directory) {
  std::error_code error;
  if (!directory.empty()) std::filesystem::current_path(directory, error);
  if (error) return Error{fmt::format("Can't chdir to '{}': {}", directory, error.message())};
  return Ok{};
}

void introduce(const conf::File& file, const std::string& config_file, Log& log) {
  const conf::ServerSettings& server = file.configuration().server;
  log.log(core::Level::kNotice, fmt::format("vedette {}, pid={}, just started", kVersion, getpid()));
  log.log(core::Level::kNotice, fmt::format("Configuration loaded from {}", config_file));
  if (!file.ignored().empty()) {
    log.log(core::Level::kNotice,
            fmt::format("Ignored, since they concern data servers only: {}", fmt::join(file.ignored(), ", ")));
  }
  std::vector<std::string> waiting = file.not_yet_honoured();
  if (server.daemonize) waiting.emplace_back("daemonize");
  if (!server.pid_file.empty()) waiting.emplace_back("pidfile");
  if (!waiting.empty()) {
    log.log(core::Level::kWarning,
            fmt::format("Understood, but without effect in this version: {}", fmt::join(waiting, ", ")));
  }
}

int fail(const std::string& message) {
  fmt::print(stderr, "{}\n", message);
  return 1;
}

}  // namespace

int run_sentinel(const std::string& config_file) {
  ignore_harmless_signals();
  const std::string path = std::filesystem::absolute(config_file).string();
  Result<conf::File> file = load_configuration(path);
  if (!file) return fail(file.error().message);
  const conf::ServerSettings& server = file->configuration().server;
  if (const Status entered = enter_directory(server.directory); !entered) {
    return fail(describe_problems(path, {{0, "", entered.error().message}}));
  }
  auto log = Log::open(server.log_file, level_named(server.log_level));
  if (!log) return fail(describe_problems(path, {{0, "", log.error().message}}));
  introduce(*file, path, **log);
  return Server(*std::move(file), path, *std::move(log)).run();
}

}  // namespace vedette::net
