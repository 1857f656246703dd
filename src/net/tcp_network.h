// The network as a node sees it, on sockets of the operating system: hands out connection ids, and tells what happens
// on each connection. What one connection does is in `connection.h`.
//
// A client is told of when hands are shaken, which for plain connections is at once. Until then it costs the node
// nothing, and us little: those who take long are given up, and where too many shake hands, the others wait outside.
#pragma once

#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "net/connection.h"
#include "net/crowd_readiness.h"
#include "net/file_limit.h"
#include "net/network_events.h"
#include "net/prompt_readiness.h"
#include "net/tls_complaints.h"
#include "net/tls_context.h"
#include "net/tls_stream.h"
#include "node/ports.h"

namespace vedette::net {

struct NetworkSettings {
  std::optional<asio::ip::address> source;  // where connections that we make come from
  Seconds keepalive{0};                     // probe a silent connection after this long; 0: never
  Micros linger_time = 3s;                  // for a connection closed after sending to send, and to hear the end
  Micros handshake_time = 5s;               // for a client
  bool tls_links = false;                   // whether connections that we make are through TLS
  std::size_t max_newcomers = 512;          // clients that may shake hands at the same time
  Micros patience_in_a_crowd = 1s;          // with one of them that has said nothing yet, where others wait
};

enum class Security : std::uint8_t { kPlain, kTls };

class TcpNetwork final : public node::Network, private Connection::Owner {
 public:
  // What one connection may read before others have their turn. Not less than a record of TLS: what OpenSSL kept of one
  // would not make the socket ready.
  static constexpr std::size_t kReadChunkBytes = 16U << 10;
  // How many of the connections that we have made have their turn in one visit of the loop.
  static constexpr std::size_t kLinksAtOnce = 8;

  TcpNetwork(asio::io_context& loop, NetworkSettings settings, node::Logger& logger, NetworkEvents& events);
  ~TcpNetwork() override;
  TcpNetwork(const TcpNetwork&) = delete;
  TcpNetwork& operator=(const TcpNetwork&) = delete;

  // For connections that begin from now on. Must come before the first that is through TLS.
  void use(TlsContexts contexts) { tls_ = std::move(contexts); }

  // Whether one more client may begin to shake hands. Where too many do, one that has not said a word goes in time:
  // those who say nothing must not keep others out. All others may finish, and who is outside waits.
  bool has_room_for_newcomer();

  // Takes a connection that somebody made to us.
  void adopt(StreamSocket socket, Security security);

  // A host that is no IP literal is reported as unresolved. Bytes for a connection that is over are dropped.
  node::ConnectionId connect(const Address& address, Micros timeout) override;
  void send(node::ConnectionId connection, std::string bytes) override;
  std::size_t unsent_bytes(node::ConnectionId connection) const override;
  void close(node::ConnectionId connection, node::Close how) override;

 private:
  struct Entry {
    std::shared_ptr<Connection> connection;
    Address remote;
    bool accepted;
  };
  using Writers = std::vector<std::shared_ptr<Connection>>;

  void connected(Connection& connection) override;
  void received(Connection& connection, std::string_view bytes) override;
  void ended(Connection& connection, core::LinkFault fault, const error_code& cause) override;
  Micros linger_time() const override { return settings_.linger_time; }
  std::span<char> read_buffer() override { return read_buffer_; }
  void write_later(std::shared_ptr<Connection> connection) override;

  Connection& add(Readiness& readiness, std::unique_ptr<Stream> stream, const Address& remote, bool accepted);
  Connection* find(node::ConnectionId connection) const;
  std::unique_ptr<Stream> stream_on(StreamSocket socket, Security security, TlsStream::Side side) const;

  asio::io_context& loop_;
  const NetworkSettings settings_;
  NetworkEvents& events_;
  TlsComplaints complaints_;
  FileLimitWatch file_limit_;
  TlsContexts tls_;
  // Before all connections. Clients must not wait until hundreds of servers have been listened to.
  PromptReadiness clients_;
  CrowdReadiness links_;
  std::uint64_t last_id_ = 0;
  std::unordered_map<node::ConnectionId, Entry> connections_;
  std::map<node::ConnectionId, std::chrono::steady_clock::time_point> newcomers_;  // who shakes hands, and since when
  std::vector<char> read_buffer_;
  std::shared_ptr<Writers> writers_ = std::make_shared<Writers>();  // shared with the loop, which may outlive us
};

}  // namespace vedette::net
