#include "net/addresses.h"

#include <sys/un.h>

#include <cstring>

namespace vedette::net {
namespace {

template <typename Specific>
Specific as(const Endpoint& endpoint) {
  Specific specific;
  const std::size_t size = std::min<std::size_t>(endpoint.size(), specific.capacity());
  std::memcpy(specific.data(), endpoint.data(), size);
  specific.resize(size);
  return specific;
}

}  // namespace

Address to_address(const Endpoint& endpoint) {
  if (is_local(endpoint)) return {as<asio::local::stream_protocol::endpoint>(endpoint).path(), 0};
  const auto specific = as<tcp::endpoint>(endpoint);
  return {specific.address().to_string(), specific.port()};
}

std::optional<tcp::endpoint> to_endpoint(const Address& address) {
  error_code error;
  const auto ip = asio::ip::make_address(address.host, error);
  if (error) return std::nullopt;
  return tcp::endpoint(ip, address.port);
}

bool is_local(const Endpoint& endpoint) { return endpoint.data()->sa_family == AF_UNIX; }

}  // namespace vedette::net
