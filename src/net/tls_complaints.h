// Says in the log why TLS fails, without filling the log: of a server, which is tried again and again, each reason once
// in a while, of clients, whom we do not know, one of all in a while.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/ids.h"
#include "base/time.h"
#include "net/asio.h"
#include "node/ports.h"

namespace vedette::net {

class TlsComplaints {
 public:
  static constexpr Seconds kClientPeriod{10};
  static constexpr Seconds kServerPeriod{300};
  // Servers whose last reason is remembered; beyond that all are forgotten, and told again.
  static constexpr std::size_t kMaxServers = 4096;

  explicit TlsComplaints(node::Logger& logger) : logger_(logger) {}

  void client_failed(const Address& client, const error_code& cause);
  void server_failed(const Address& server, const error_code& cause);

 private:
  using Clock = std::chrono::steady_clock;
  struct Told {
    std::string reason;
    Clock::time_point at;
  };

  node::Logger& logger_;
  std::optional<Clock::time_point> told_of_client_at_;
  std::unordered_map<std::string, Told> told_of_servers_;  // by address
};

}  // namespace vedette::net
