#include "net/tcp_network.h"

#include <netinet/tcp.h>

#include <algorithm>
#include <utility>

#include "net/addresses.h"

namespace vedette::net {
TcpNetwork::TcpNetwork(asio::io_context& loop, NetworkSettings settings, NetworkEvents& events)
    : loop_(loop), settings_(std::move(settings)), events_(events), read_buffer_(kReadChunkBytes) {}

// Handlers that still wait in the loop keep their connections alive; closed, these do not come back to us.
TcpNetwork::~TcpNetwork() {
  for (const auto& [id, connection] : connections_) connection->close(node::Close::kNow);
}

void TcpNetwork::adopt(tcp::socket socket) {
  error_code error;
  const auto remote = socket.remote_endpoint(error);
  if (error) return;  // gone before we came to see it
  const auto local = socket.local_endpoint(error);
  if (error) return;
  tune(socket);
  Connection& connection = add(std::move(socket));
  connection.start();
  events_.on_accepted(connection.id(), to_address(remote), to_address(local));
}

node::ConnectionId TcpNetwork::connect(const Address& address, Micros timeout) {
  Connection& connection = add(tcp::socket(loop_));
  if (const auto remote = to_endpoint(address)) {
    connection.connect(*remote, settings_.source, timeout);
  } else {
    connection.fail_later(core::LinkFault::kUnresolved);
  }
  return connection.id();
}

void TcpNetwork::send(node::ConnectionId id, std::string bytes) {
  if (Connection* connection = find(id)) connection->send(std::move(bytes));
}

std::size_t TcpNetwork::unsent_bytes(node::ConnectionId id) const {
  const Connection* connection = find(id);
  return connection ? connection->unsent_bytes() : 0;
}

void TcpNetwork::close(node::ConnectionId id, node::Close how) {
  Connection* connection = find(id);
  if (!connection) return;
  connection->close(how);
  if (connection->ended()) connections_.erase(id);
}

void TcpNetwork::connected(Connection& connection) {
  tune(connection.socket());
  error_code error;
  const auto local = connection.socket().local_endpoint(error);
  events_.on_connected(connection.id(), to_address(local));
}

void TcpNetwork::received(Connection& connection, std::string_view bytes) {
  events_.on_received(connection.id(), bytes);
}

void TcpNetwork::ended(Connection& connection, core::LinkFault fault) {
  connections_.erase(connection.id());
  if (fault != core::LinkFault::kNone) events_.on_closed(connection.id(), fault);
}

Connection& TcpNetwork::add(tcp::socket socket) {
  const node::ConnectionId id{++last_id_};
  Connection::Owner& owner = *this;
  auto connection = std::make_shared<Connection>(id, owner, std::move(socket));
  return *connections_.emplace(id, std::move(connection)).first->second;
}

Connection* TcpNetwork::find(node::ConnectionId id) const {
  const auto found = connections_.find(id);
  return found == connections_.end() ? nullptr : found->second.get();
}

// Messages are small and wanted at once; a side that vanished is to be noticed even where nothing is said. That an
// option cannot be set (the other side may be gone already) shows later, in reading.
void TcpNetwork::tune(tcp::socket& socket) const {
  error_code error;
  socket.set_option(tcp::no_delay(true), error);
  if (settings_.keepalive == Seconds(0)) return;
  socket.set_option(asio::socket_base::keep_alive(true), error);
  const int idle = static_cast<int>(settings_.keepalive.count());
  const auto set = [&socket](int option, int value) {
    setsockopt(socket.native_handle(), IPPROTO_TCP, option, &value, sizeof value);
  };
  set(TCP_KEEPIDLE, idle);
  set(TCP_KEEPINTVL, std::max(idle / 3, 1));
  set(TCP_KEEPCNT, 3);
}

}  // namespace vedette::net
