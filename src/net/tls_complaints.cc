#include "net/tls_complaints.h"

#include <fmt/format.h>

namespace vedette::net {

void TlsComplaints::client_failed(const Address& client, const error_code& cause) {
  const auto now = Clock::now();
  const bool due = !told_of_client_at_ || now - *told_of_client_at_ >= kClientPeriod;
  if (due) told_of_client_at_ = now;
  logger_.log(due ? core::Level::kWarning : core::Level::kVerbose,
              fmt::format("Error accepting a client connection: {} (addr={})", cause.message(), to_string(client)));
}

void TlsComplaints::server_failed(const Address& server, const error_code& cause) {
  if (told_of_servers_.size() >= kMaxServers) told_of_servers_.clear();
  const auto now = Clock::now();
  Told& told = told_of_servers_[to_string(server)];
  if (told.reason == cause.message() && now - told.at < kServerPeriod) return;
  told = {cause.message(), now};
  logger_.log(core::Level::kWarning, fmt::format("TLS with {} failed: {}", to_string(server), told.reason));
}

}  // namespace vedette::net
