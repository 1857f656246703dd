#include "net/server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "base/version.h"
#include "net/clock.h"
#include "net/file_limit.h"
#include "net/process_info.h"
#include "node/state_file.h"

namespace vedette::net {
namespace {

NetworkSettings network_settings(const conf::ServerSettings& server) {
  NetworkSettings settings;
  settings.keepalive = server.tcp_keepalive;
  settings.tls_links = server.tls.replication;
  if (!server.bind_source_address.empty()) settings.source = asio::ip::make_address(server.bind_source_address);
  return settings;
}

// Where people are told that we listen.
std::uint16_t main_port(const conf::ServerSettings& server) { return server.port != 0 ? server.port : server.tls.port; }

}  // namespace

Server::Server(LoadedConfiguration configuration, std::unique_ptr<Log> log, Supervision supervision)
    : settings_(configuration.file.configuration().server),
      file_(std::move(configuration.file)),
      config_file_(std::move(configuration.config_file)),
      log_(std::move(log)),
      supervision_(std::move(supervision)),
      network_(loop_, network_settings(settings_), *log_, *this),
      resolver_(loop_, {},
                [this](const std::string& name, const Result<std::vector<std::string>>& ips) {
                  node_->on_resolved(monotonic_now(), name, ips);
                  follow_deadline();
                }),
      store_(loop_, std::move(configuration.state_file), std::move(configuration.journal),
             {.on_appended =
                  [this](const Status& result) {
                    node_->on_appended(monotonic_now(), result);
                    follow_deadline();
                  },
              .on_replaced =
                  [this](const Status& result) {
                    node_->on_replaced(monotonic_now(), result);
                    follow_deadline();
                  }}),
      acl_file_(loop_, settings_.acl_file,
                {.on_read =
                     [this](const Result<std::string>& text) {
                       node_->on_acl_read(monotonic_now(), text);
                       follow_deadline();
                     },
                 .on_written =
                     [this](const Status& result) {
                       node_->on_acl_written(monotonic_now(), result);
                       follow_deadline();
                     }}),
      scripts_(loop_, *this, settings_.script_environment == "inherit"),
      plain_listener_(loop_, *log_,
                      [this](StreamSocket socket) { network_.adopt(std::move(socket), Security::kPlain); }),
      tls_listener_(
          loop_, *log_, [this](StreamSocket socket) { network_.adopt(std::move(socket), Security::kTls); },
          [this] { return network_.has_room_for_newcomer(); }),
      unix_listener_(loop_, *log_,
                     [this](StreamSocket socket) { network_.adopt(std::move(socket), Security::kPlain); }),
      signals_(loop_, {.terminate =
                           [this](std::string_view name) {
                             log_->log(core::Level::kNotice, fmt::format("Received {}", name));
                             end();
                           },
                       .reload = [this] { reload(); },
                       .child_ended = [this] { scripts_.reap(); }}) {}

int Server::run() {
  if (const Status started = start(); !started) {
    log_->log(core::Level::kWarning, started.error().message);
    log_->log(core::Level::kWarning, "Cannot start, exiting.");
    supervision_.fails(started.error().message);
    return 1;
  }
  write_pid_file();
  supervision_.serves();
  if (const auto period = supervision_.manager().alive_period()) show_life(*period);
  loop_.run();
  return exit_status_;
}

// Nothing is said to any server, and nothing saved, before it is certain that we can serve.
Status Server::start() {
  const auto max_clients = raise_file_limit(settings_.max_clients, files_for_ourselves(file_->configuration()), *log_);
  if (!max_clients) return max_clients.error();
  auto acl_text = read_users();
  if (!acl_text) return acl_text.error();
  if (Status secure = start_tls(); !secure) return secure;
  if (Status listening = start_listening(); !listening) return listening;
  log_->log(core::Level::kNotice, fmt::format("Running mode=sentinel, port={}.", main_port(settings_)));
  node_ = std::make_unique<node::Node>(*file_, process_facts(*max_clients, *std::move(acl_text)),
                                       node::Ports{network_, resolver_, store_, *log_, *this, scripts_, acl_file_},
                                       random_, monotonic_now(), wall_now());
  file_.reset();  // what it means is known to the node
  follow_deadline();
  for (Listener* listener : {&plain_listener_, &tls_listener_, &unix_listener_}) listener->start();
  return Ok{};
}

Status Server::start_tls() {
  const conf::TlsSettings& tls = settings_.tls;
  if (!uses_tls(tls)) return Ok{};
  Result<TlsContexts> contexts = load_tls(tls);
  if (!contexts) return Error{fmt::format("Failed to configure TLS: {}", contexts.error().message)};
  network_.use(*std::move(contexts));
  tls_watch_.emplace(loop_, *log_, tls, TlsWatch::kPeriod,
                     [this](TlsContexts changed) { network_.use(std::move(changed)); });
  return Ok{};
}

Status Server::start_listening() {
  const conf::ServerSettings& server = settings_;
  const PortSettings ports{server.tcp_backlog, server.tcp_keepalive};
  Status opened = Ok{};
  if (server.port != 0) opened = plain_listener_.open(server.bind, server.port, ports);
  if (opened && server.tls.port != 0) opened = tls_listener_.open(server.bind, server.tls.port, ports);
  if (opened && !server.unix_socket.empty()) {
    opened = unix_listener_.open(server.unix_socket, server.unix_socket_permissions, server.tcp_backlog);
  }
  if (!opened) return opened;
  const bool anywhere =
      !plain_listener_.addresses().empty() || !tls_listener_.addresses().empty() || !unix_listener_.addresses().empty();
  if (!anywhere) return Error{"Configured to not listen anywhere"};
  return Ok{};
}

// The text of the ACL file, if there is one, once it is certain that the users can be made of it.
Result<std::string> Server::read_users() const {
  const conf::ServerSettings& server = settings_;
  std::string text;
  if (!server.acl_file.empty()) {
    auto read = acl_file_.read_now();
    if (!read) return Error{fmt::format("Can't read the ACL file '{}': {}", server.acl_file, read.error().message)};
    text = *std::move(read);
    if (!server.requirepass.empty()) {
      log_->log(core::Level::kWarning, "requirepass has no effect, since the users come from an ACL file.");
    }
  }
  if (const auto users = node::users_from(file_->configuration(), text); !users) return users.error();
  return text;
}

node::ProcessFacts Server::process_facts(unsigned max_clients, std::string acl_text) const {
  node::ProcessFacts facts;
  facts.pid = static_cast<std::uint64_t>(getpid());
  facts.executable = executable_path();
  facts.config_file = config_file_;
  facts.os = operating_system();
  facts.version = kVersion;
  facts.run_id = random_run_id();
  facts.new_sentinel_id = random_run_id();
  facts.acl_text = std::move(acl_text);
  facts.port = main_port(settings_);
  facts.max_clients = max_clients;
  return facts;
}

void Server::on_accepted(node::ConnectionId connection, const Address& remote, const Address& local) {
  node_->on_accepted(monotonic_now(), connection, remote, local);
  follow_deadline();
}

void Server::on_connected(node::ConnectionId connection, const Address& local) {
  node_->on_connected(monotonic_now(), connection, local);
  follow_deadline();
}

void Server::on_received(node::ConnectionId connection, std::string_view bytes) {
  node_->on_received(monotonic_now(), connection, bytes);
  follow_deadline();
}

void Server::on_closed(node::ConnectionId connection, core::LinkFault fault) {
  node_->on_closed(monotonic_now(), connection, fault);
  follow_deadline();
}

void Server::on_script_started(node::ScriptRun run, pid_t pid) {
  node_->on_script_started(monotonic_now(), run, pid);
  follow_deadline();
}

void Server::on_script_printed(node::ScriptRun run, std::string_view line) {
  node_->on_script_printed(monotonic_now(), run, line);
}

void Server::on_script_ended(node::ScriptRun run, const node::ScriptEnd& end) {
  node_->on_script_ended(monotonic_now(), run, end);
  follow_deadline();
}

// Every event may move the deadline. When it moves away, the alarm that is set rings for nothing, which costs less
// than setting it anew each time.
void Server::follow_deadline() {
  const auto deadline = node_->next_deadline();
  if (!deadline || (alarm_at_ && *alarm_at_ <= *deadline)) return;
  alarm_at_ = deadline;
  alarm_.expires_at(to_steady(*deadline));
  alarm_.async_wait([this](const error_code& error) {
    if (!error) ring();
  });
}

void Server::ring() {
  alarm_at_.reset();
  const Instant now = monotonic_now();
  const auto deadline = node_->next_deadline();
  if (deadline && *deadline <= now) node_->on_timer(now);
  follow_deadline();
}

// A start does not fail for want of it. Without a name, it is where the original puts that of a daemon.
void Server::write_pid_file() {
  const conf::ServerSettings& server = settings_;
  if (server.pid_file.empty() && !server.daemonize) return;
  auto created = PidFile::create(server.pid_file.empty() ? "/var/run/redis.pid" : server.pid_file);
  if (!created) return log_->log(core::Level::kWarning, created.error().message);
  pid_file_.emplace(*std::move(created));
}

// On the loop, so that it tells whether the loop runs.
void Server::show_life(Micros period) {
  supervision_.manager().alive();
  sign_of_life_.expires_after(period);
  sign_of_life_.async_wait([this, period](const error_code& error) {
    if (!error) show_life(period);
  });
}

void Server::reload() {
  supervision_.manager().reloading(monotonic_now());
  if (const Status reopened = log_->reopen(); !reopened) log_->log(core::Level::kWarning, reopened.error().message);
  if (tls_watch_) tls_watch_->reload();
  supervision_.manager().ready();
}

node::CpuUsage Server::cpu_usage() const { return net::cpu_usage(); }
node::ProcessMemory Server::memory() const { return process_memory(); }

void Server::exit_now(int status) {
  log_.reset();  // writes what waits
  std::_Exit(status);
}

void Server::shut_down() {
  asio::post(loop_, [this] { end(); });
}

void Server::end() {
  if (std::exchange(ended_, true)) return;
  supervision_.manager().stopping();
  log_->log(core::Level::kNotice, "Shutting down: saving the state for the last time...");
  for (Listener* listener : {&plain_listener_, &tls_listener_, &unix_listener_}) listener->close();
  if (const Status saved = store_.save_last(node_->state_text()); !saved) {
    log_->log(core::Level::kWarning, fmt::format("Can't save the state for the last time: {}", saved.error().message));
    exit_status_ = 1;
  }
  if (pid_file_) log_->log(core::Level::kNotice, "Removing the pid file.");
  pid_file_.reset();
  log_->log(core::Level::kNotice, "Sentinel is now ready to exit, bye bye...");
  loop_.stop();
}

}  // namespace vedette::net
