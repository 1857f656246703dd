#include "sim/redis_server.h"

#include <utility>

#include "base/check.h"

namespace vedette::sim {

RedisServer::RedisServer(EventQueue& queue, Sockets& network, Histories& histories, std::string name,
                         const Address& address, std::optional<Address> follows, Traits traits,
                         const RandomStreams& streams, Ordered ordered)
    : Process(queue, name, address.host),
      network_(network),
      histories_(histories),
      port_(address.port),
      traits_(std::move(traits)),
      rng_(streams.stream(name)),
      ordered_(std::move(ordered)),
      configured_follows_(std::move(follows)),
      place_{histories.begin_with(traits_.keys, 0)},
      old_(traits_.old) {}

void RedisServer::start(const Restart& restart) {
  VEDETTE_CHECK(!alive(), "a process starts once");
  set_alive(true);
  network_.raise(host());
  network_.listen(*this, address());
  run_id_ = random_run_id(rng_);
  loading_until_ = now() + restart.loading;
  busy_until_ = now();
  misconfigured_ = false;
  old_ = restart.old.value_or(old_);
  follows_ = configured_follows_;
  role_changed_at_ = now();
  previous_.reset();
  if (!follows_ && !old_ && !restart.loses_history()) previous_ = place_;  // as servers since 7.0 tell it
  place_ = first_place(restart);
  link_ = PrimaryLink();
  link_.down_since = now();
  if (follows_) after(restart.loading, [this] { connect_to_primary(); });
  after(kHeartbeat, [this] { beat(); });
}

// What it has of its data. A replica goes on where it was; who leads begins a history.
Place RedisServer::first_place(const Restart& restart) {
  if (restart.empty) return {histories_.begin(std::nullopt), 0};
  if (restart.foreign) return histories_.begin_with(kForeignKeys, kForeignOffset);
  if (restart.aof) return histories_.begin_anew(place_);
  return follows_ ? place_ : Place{histories_.begin(place_), place_.offset};
}

void RedisServer::crash() {
  if (!alive()) return;
  network_.release(*this);
  sessions_.clear();
  set_alive(false);
}

void RedisServer::lose_host() {
  if (!alive()) return;
  network_.lose(*this);
  sessions_.clear();
  set_alive(false);
}

void RedisServer::on_accepted(ConnectionId connection, const Address& remote, const Address&) {
  sessions_[connection].remote = remote;
}

void RedisServer::on_connected(ConnectionId connection, const Address&) {
  if (connection != link_.connection) return;
  link_.heard_at = now();
  std::string request;
  Arguments words{"PSYNC", histories_.replication_id(place_.history), std::to_string(place_.offset),
                  std::to_string(port_)};
  if (traits_.announced) words.push_back(name());
  resp::append_request(request, words);
  network_.send(connection, std::move(request));
}

void RedisServer::on_received(ConnectionId connection, std::string_view bytes) {
  if (connection == link_.connection) {
    hear_primary(bytes);
    return;
  }
  const auto found = sessions_.find(connection);
  if (found == sessions_.end()) return;
  found->second.decoder.feed(bytes);
  while (true) {
    const auto arguments = found->second.decoder.next();
    if (!arguments || !*arguments) break;
    request(connection, found->second, **arguments);
  }
  flush(connection);
  for (const ConnectionId closed : std::exchange(to_close_, {})) {
    network_.close(closed);
    sessions_.erase(closed);
  }
}

void RedisServer::on_closed(ConnectionId connection, core::LinkFault) {
  if (connection == link_.connection) {
    lose_primary();
  } else {
    sessions_.erase(connection);
  }
}

void RedisServer::flush(ConnectionId connection) {
  const auto found = sessions_.find(connection);
  if (found == sessions_.end() || found->second.out.empty()) return;
  network_.send(connection, std::exchange(found->second.out, {}));
}

}  // namespace vedette::sim
