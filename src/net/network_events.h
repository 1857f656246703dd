// Who is told of what happens on the network; the words are those of `node::Node`, the instant is added there.
#pragma once

#include <string_view>

#include "base/ids.h"
#include "core/state.h"
#include "node/ports.h"

namespace vedette::net {

class NetworkEvents {
 public:
  virtual ~NetworkEvents() = default;
  virtual void on_accepted(node::ConnectionId connection, const Address& remote, const Address& local) = 0;
  virtual void on_connected(node::ConnectionId connection, const Address& local) = 0;
  virtual void on_received(node::ConnectionId connection, std::string_view bytes) = 0;
  virtual void on_closed(node::ConnectionId connection, core::LinkFault fault) = 0;
};

}  // namespace vedette::net
