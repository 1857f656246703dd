// Between our `Address`, a host in text with a port, and the endpoints of sockets.
#pragma once

#include <optional>

#include "base/ids.h"
#include "net/asio.h"

namespace vedette::net {

// That of a local (Unix) socket is its path, with port 0.
Address to_address(const Endpoint& endpoint);

// Nullopt when the host is no IP literal: host names are not resolved here.
std::optional<tcp::endpoint> to_endpoint(const Address& address);

bool is_local(const Endpoint& endpoint);  // of a Unix socket

}  // namespace vedette::net
