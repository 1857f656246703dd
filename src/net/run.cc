#include "net/run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <syslog.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "base/version.h"
#include "net/configuration.h"
#include "net/log.h"
#include "net/server.h"
#include "net/signals.h"
#include "node/log_level.h"

namespace vedette::net {
namespace {

LogFormat format_named(std::string_view name) {
  return name == "json" ? LogFormat::kJson : name == "logfmt" ? LogFormat::kLogfmt : LogFormat::kRedis;
}

int facility_named(std::string_view name) {
  constexpr int kLocals[] = {LOG_LOCAL0, LOG_LOCAL1, LOG_LOCAL2, LOG_LOCAL3,
                             LOG_LOCAL4, LOG_LOCAL5, LOG_LOCAL6, LOG_LOCAL7};
  return name == "user" ? LOG_USER : kLocals[name.back() - '0'];
}

LogSettings log_settings(const conf::ServerSettings& server) {
  LogSettings settings;
  settings.path = server.log_file;
  settings.least = node::level_named(server.log_level);
  settings.format = format_named(server.log_format);
  if (server.syslog_enabled) settings.syslog = {server.syslog_ident, facility_named(server.syslog_facility)};
  return settings;
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
  auto log = Log::open(log_settings(server));
  if (!log) return fail(describe_problems(path, {{0, "", log.error().message}}));
  introduce(*file, path, **log);
  return Server(*std::move(file), path, *std::move(log)).run();
}

}  // namespace vedette::net
