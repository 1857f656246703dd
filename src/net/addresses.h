// Between our `Address`, a host in text with a port, and the endpoints of sockets.
#pragma once

#include <optional>

#include "base/ids.h"
#include "net/asio.h"

namespace vedette::net {

Address to_address(const tcp::endpoint& endpoint);

// Nullopt when the host is no IP literal: host names are not resolved here.
std::optional<tcp::endpoint> to_endpoint(const Address& address);

}  // namespace vedette::net
