#include "net/addresses.h"

namespace vedette::net {

Address to_address(const tcp::endpoint& endpoint) { return {endpoint.address().to_string(), endpoint.port()}; }

std::optional<tcp::endpoint> to_endpoint(const Address& address) {
  error_code error;
  const auto ip = asio::ip::make_address(address.host, error);
  if (error) return std::nullopt;
  return tcp::endpoint(ip, address.port);
}

}  // namespace vedette::net
