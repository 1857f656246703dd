#include "net/run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <malloc.h>
#include <syslog.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "base/version.h"
#include "net/configuration.h"
#include "net/log.h"
#include "net/server.h"
#include "net/signals.h"
#include "net/supervision.h"
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

std::string title_of(const std::string& program, const conf::ServerSettings& server) {
  const std::uint16_t port = server.port != 0 ? server.port : server.tls.port;
  const std::string address = server.bind.empty() ? "" : server.bind.front();
  const std::string listening = port == 0 ? server.unix_socket : fmt::format("{}:{}", address, port);
  return fmt::format("{} {} [sentinel]", program, listening);
}

// Those whom the configuration names as listening to how it goes. Returns in a process in the background if it says so.
Result<Supervision> supervision_for(const conf::ServerSettings& server, ServiceManager manager) {
  if (!server.daemonize || manager.listens()) return Supervision(std::move(manager), std::nullopt);
  auto daemon = Daemon::detach();
  if (!daemon) return daemon.error();
  return Supervision(std::move(manager), *std::move(daemon));
}

ServiceManager service_manager_for(const conf::ServerSettings& server) {
  const bool is_wanted = server.supervised == "systemd" || server.supervised == "auto";
  return is_wanted ? ServiceManager::from_environment() : ServiceManager();
}

void introduce(const LoadedConfiguration& configuration, bool has_manager, Log& log) {
  const conf::File& file = configuration.file;
  const conf::ServerSettings& server = file.configuration().server;
  log.log(core::Level::kNotice, fmt::format("vedette {}, pid={}, just started", kVersion, getpid()));
  if (!configuration.config_file.empty()) {
    log.log(core::Level::kNotice, fmt::format("Configuration loaded from {}", configuration.config_file));
  }
  if (!server.state_file.empty()) {
    log.log(core::Level::kNotice, fmt::format("The state is kept in {}", configuration.state_file));
  }
  if (!file.ignored().empty()) {
    log.log(core::Level::kNotice,
            fmt::format("Ignored, since they concern data servers only: {}", fmt::join(file.ignored(), ", ")));
  }
  for (const std::string& note : file.notes()) log.log(core::Level::kWarning, note);
  if (server.supervised == "systemd" && !has_manager) {
    log.log(core::Level::kWarning, "systemd supervision error: NOTIFY_SOCKET not found!");
  }
  if (server.supervised == "upstart") log.log(core::Level::kWarning, "upstart supervision is not supported");
}

// What is needed for a moment, to render the state of thousands of primaries, say, goes back to the system: a large
// block by itself, small ones to the one heap that all threads share, where the next one to want some finds them.
void keep_memory_small() {
#ifdef __GLIBC__
  constexpr int kLargeBlock = 256 << 10;
  mallopt(M_MMAP_THRESHOLD, kLargeBlock);  // else it grows with the blocks that were freed
  mallopt(M_ARENA_MAX, 1);
#endif
}

int fail(const std::string& message) {
  fmt::print(stderr, "{}\n", message);
  return 1;
}

}  // namespace

int run_sentinel(const Invocation& invocation, ProcessTitle* title) {
  keep_memory_small();
  ignore_harmless_signals();
  auto configuration = load_configuration(invocation);
  if (!configuration) return fail(configuration.error().message);
  const std::string& path = configuration->config_file;
  const conf::ServerSettings& server = configuration->file.configuration().server;
  if (const Status entered = enter_directory(server.directory); !entered) {
    return fail(describe_problems(path, {{0, "", entered.error().message}}));
  }
  if (title != nullptr) title->set(title_of(invocation.program, server));
  auto supervision = supervision_for(server, service_manager_for(server));
  if (!supervision) return fail(supervision.error().message);
  auto log = Log::open(log_settings(server));
  if (!log) {
    const std::string message = describe_problems(path, {{0, "", log.error().message}});
    supervision->fails(message);
    return fail(message);
  }
  introduce(*configuration, supervision->manager().listens(), **log);
  return Server(*std::move(configuration), *std::move(log), *std::move(supervision)).run();
}

}  // namespace vedette::net
