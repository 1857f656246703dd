// The processes on the stage: three redis-servers and three sentinels, the latter being this very program. All of them
// are gone when this is.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "apps/demo/ports.h"
#include "apps/demo/process.h"
#include "apps/demo/roster.h"
#include "apps/demo/workspace.h"
#include "base/time.h"

namespace vedette::demo {

class Company {
 public:
  using OnLog = std::function<void(Lane, std::string_view line)>;

  // Finds the programs, ports and a place for files; starts nothing yet.
  static Result<std::unique_ptr<Company>> gather(net::asio::io_context& loop, Millis down_after, OnLog on_log);

  const Roster& roster() const { return roster_; }

  // As a primary, or as a replica of `primary`.
  Status start_server(std::size_t index, std::optional<std::uint16_t> primary);
  Status start_sentinel(std::size_t index);

  // SIGKILL. A server that was killed on purpose is not missed.
  void kill_server(std::size_t index);
  // It is an error to ask for a server that does not run.
  pid_t server_pid(std::size_t index) const { return servers_[index]->pid(); }

  // The first process found to have ended by itself since it was asked last: what it was and what it said last.
  struct Loss {
    std::string what;  // "redis-server 7002 ended with status 1"
    std::vector<std::string> last_lines;
  };
  std::optional<Loss> find_loss();

  // Empty for one that does not run.
  std::vector<std::string> last_lines_of_sentinel(std::size_t index) const;

 private:
  Company(net::asio::io_context& loop, Workspace workspace, Ports ports, Millis down_after, OnLog on_log);

  std::string sentinel_conf(std::size_t index) const;
  std::optional<Loss> check(std::unique_ptr<Process>& process, const std::string& name);

  net::asio::io_context& loop_;
  const Workspace workspace_;  // is removed after the processes are gone
  const Ports ports_;
  const Millis down_after_;
  const OnLog on_log_;
  std::string redis_server_;
  Roster roster_;
  std::array<std::unique_ptr<Process>, kServers> servers_;
  std::array<std::unique_ptr<Process>, kSentinels> sentinels_;
};

}  // namespace vedette::demo
