// One sentinel as a process of the operating system: a node on the ports of this layer, the loop that drives it, and
// the orderly end.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "conf/file.h"
#include "net/acl_file.h"
#include "net/asio.h"
#include "net/cares_resolver.h"
#include "net/configuration.h"
#include "net/file_store.h"
#include "net/listener.h"
#include "net/log.h"
#include "net/pid_file.h"
#include "net/random.h"
#include "net/script_processes.h"
#include "net/signals.h"
#include "net/supervision.h"
#include "net/tcp_network.h"
#include "net/tls_watch.h"
#include "node/node.h"

namespace vedette::net {

class Server final : private NetworkEvents, private ScriptEvents, private node::Process {
 public:
  Server(LoadedConfiguration configuration, std::unique_ptr<Log> log, Supervision supervision);

  // Serves until a signal or a client ends it. Returns the exit status of the process, 1 when it cannot even start.
  int run();

 private:
  void on_accepted(node::ConnectionId connection, const Address& remote, const Address& local) override;
  void on_connected(node::ConnectionId connection, const Address& local) override;
  void on_received(node::ConnectionId connection, std::string_view bytes) override;
  void on_closed(node::ConnectionId connection, core::LinkFault fault) override;

  void on_script_started(node::ScriptRun run, pid_t pid) override;
  void on_script_printed(node::ScriptRun run, std::string_view line) override;
  void on_script_ended(node::ScriptRun run, const node::ScriptEnd& end) override;

  void exit_now(int status) override;
  void shut_down() override;
  node::CpuUsage cpu_usage() const override;
  node::ProcessMemory memory() const override;

  Status start();
  Status start_tls();
  Status start_listening();
  node::ProcessFacts process_facts(unsigned max_clients, std::string acl_text) const;
  Result<std::string> read_users() const;
  void follow_deadline();
  void ring();
  void reload();
  void write_pid_file();
  void show_life(Micros period);
  void end();

  const conf::ServerSettings settings_;
  std::optional<conf::File> file_;  // until the node is made
  const std::string config_file_;
  std::unique_ptr<Log> log_;
  Supervision supervision_;
  std::optional<PidFile> pid_file_;
  asio::io_context loop_{1};
  SystemRandom random_;
  TcpNetwork network_;
  CaresResolver resolver_;
  FileStore store_;
  AclFile acl_file_;
  ScriptProcesses scripts_;
  std::optional<TlsWatch> tls_watch_;
  Listener plain_listener_;
  Listener tls_listener_;
  Listener unix_listener_;
  Signals signals_;
  asio::steady_timer alarm_{loop_};
  asio::steady_timer sign_of_life_{loop_};  // for the service manager
  std::optional<Instant> alarm_at_;         // never later than the node wants it
  bool ended_ = false;
  int exit_status_ = 0;
  std::unique_ptr<node::Node> node_;
};

}  // namespace vedette::net
