#include "net/tcp_network.h"

#include <algorithm>
#include <utility>

#include "net/addresses.h"

namespace vedette::net {

TcpNetwork::TcpNetwork(asio::io_context& loop, NetworkSettings settings, node::Logger& logger, NetworkEvents& events)
    : loop_(loop),
      settings_(std::move(settings)),
      events_(events),
      complaints_(logger),
      file_limit_(logger),
      clients_(loop),
      links_(loop, kLinksAtOnce),
      read_buffer_(kReadChunkBytes) {}

// Handlers that still wait in the loop keep their connections alive; closed, these do not come back to us.
TcpNetwork::~TcpNetwork() {
  for (const auto& [id, entry] : connections_) entry.connection->close(node::Close::kNow);
}

void TcpNetwork::adopt(StreamSocket socket, Security security) {
  error_code error;
  const Endpoint local = socket.local_endpoint(error);
  if (error) return;
  // The clients of a Unix socket have no address of their own.
  const Endpoint remote = is_local(local) ? local : socket.remote_endpoint(error);
  if (error) return;  // gone before we came to see it
  file_limit_.opened(socket.descriptor());
  Connection& connection =
      add(clients_, stream_on(std::move(socket), security, TlsStream::Side::kServer), to_address(remote), true);
  newcomers_.emplace(connection.id(), std::chrono::steady_clock::now());
  connection.start(settings_.handshake_time);
}

bool TcpNetwork::has_room_for_newcomer() {
  if (newcomers_.size() < settings_.max_newcomers) return true;
  const auto patient_with = std::chrono::steady_clock::now() - settings_.patience_in_a_crowd;
  const auto silent = std::find_if(newcomers_.begin(), newcomers_.end(), [&](const auto& newcomer) {
    return newcomer.second > patient_with || find(newcomer.first)->is_silent();
  });
  if (silent == newcomers_.end() || silent->second > patient_with) return false;
  close(silent->first, node::Close::kNow);
  return true;
}

node::ConnectionId TcpNetwork::connect(const Address& address, Micros timeout) {
  const Security security = settings_.tls_links ? Security::kTls : Security::kPlain;
  Connection& connection = add(links_, stream_on(StreamSocket(), security, TlsStream::Side::kClient), address, false);
  if (const auto remote = to_endpoint(address)) {
    connection.connect(*remote, settings_.source, timeout);
    file_limit_.opened(connection.socket().descriptor());
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
  if (!connection->ended()) return;
  newcomers_.erase(id);
  connections_.erase(id);
}

void TcpNetwork::connected(Connection& connection) {
  const Entry& entry = connections_.at(connection.id());
  error_code error;
  const Address local = to_address(connection.socket().local_endpoint(error));
  if (entry.accepted) {
    newcomers_.erase(connection.id());
    events_.on_accepted(connection.id(), entry.remote, local);
  } else {
    tune(connection.socket().descriptor(), settings_.keepalive);
    events_.on_connected(connection.id(), local);
  }
}

void TcpNetwork::received(Connection& connection, std::string_view bytes) {
  events_.on_received(connection.id(), bytes);
}

void TcpNetwork::ended(Connection& connection, core::LinkFault fault, const error_code& cause) {
  const Entry entry = std::move(connections_.extract(connection.id()).mapped());
  if (fault == core::LinkFault::kInsecure) {
    entry.accepted ? complaints_.client_failed(entry.remote, cause) : complaints_.server_failed(entry.remote, cause);
  }
  const bool is_newcomer = newcomers_.erase(connection.id()) > 0;
  if (fault != core::LinkFault::kNone && !is_newcomer) events_.on_closed(connection.id(), fault);
}

// One visit of the loop is for all of them.
void TcpNetwork::write_later(std::shared_ptr<Connection> connection) {
  if (writers_->empty()) {
    asio::post(loop_, [writers = writers_] {
      for (const auto& writer : std::exchange(*writers, {})) writer->write();
    });
  }
  writers_->push_back(std::move(connection));
}

Connection& TcpNetwork::add(Readiness& readiness, std::unique_ptr<Stream> stream, const Address& remote,
                            bool accepted) {
  const node::ConnectionId id{++last_id_};
  Connection::Owner& owner = *this;
  Entry entry{std::make_shared<Connection>(id, owner, readiness, std::move(stream)), remote, accepted};
  return *connections_.emplace(id, std::move(entry)).first->second.connection;
}

std::unique_ptr<Stream> TcpNetwork::stream_on(StreamSocket socket, Security security, TlsStream::Side side) const {
  if (security == Security::kPlain) return std::make_unique<PlainStream>(std::move(socket));
  SSL_CTX& context = side == TlsStream::Side::kClient ? *tls_.client : *tls_.server;
  return std::make_unique<TlsStream>(std::move(socket), context, side);
}

Connection* TcpNetwork::find(node::ConnectionId id) const {
  const auto found = connections_.find(id);
  return found == connections_.end() ? nullptr : found->second.connection.get();
}

}  // namespace vedette::net
