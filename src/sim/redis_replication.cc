// The two sides of replication of a simulated server: asynchronous, by offsets, resumed where the histories allow it.
#include <utility>

#include "base/text.h"
#include "sim/redis_server.h"

namespace vedette::sim {

// --- Roles ---

void RedisServer::become_primary() {
  if (!follows_) return;
  follows_.reset();
  role_changed_at_ = now();
  network_.close(link_.connection);
  link_ = PrimaryLink();
  previous_ = place_;
  place_.history = histories_.begin(place_);
  disconnect_replicas();
}

void RedisServer::follow(const Address& primary) {
  if (follows_ == primary) return;
  if (follows_) network_.close(link_.connection);
  if (!follows_) role_changed_at_ = now();
  follows_ = primary;
  link_ = PrimaryLink();
  link_.down_since = now();
  disconnect_replicas();
  connect_to_primary();
}

void RedisServer::disconnect_replicas() {
  for (const auto& [connection, session] : sessions_) {
    if (session.replica) to_close_.push_back(connection);
  }
}

// --- As a replica ---

void RedisServer::connect_to_primary() {
  if (!follows_) return;
  link_.state = LinkState::kConnecting;
  link_.decoder = resp::ReplyDecoder();
  link_.heard_at = now();
  link_.connection = network_.connect_by_name(*this, *follows_, kConnectTimeout);
}

void RedisServer::lose_primary() {
  if (link_.state == LinkState::kStreaming) link_.down_since = now();
  link_.state = LinkState::kNone;
  link_.connection = ConnectionId{};
  retry_primary();
}

void RedisServer::retry_primary() {
  after(kReconnectPause, [this] {
    if (follows_ && link_.state == LinkState::kNone) connect_to_primary();
  });
}

void RedisServer::hear_primary(std::string_view bytes) {
  link_.heard_at = now();
  link_.decoder.feed(bytes);
  const ConnectionId connection = link_.connection;
  while (connection == link_.connection) {
    const auto value = link_.decoder.next();
    if (!value || !*value) return;
    obey_primary(**value);
  }
}

// FULLRESYNC and CONTINUE answer our PSYNC; APPLY brings us forward. Each names a place of the primary.
void RedisServer::obey_primary(const resp::Value& value) {
  const auto words = split(value.text, ' ');
  if (words.size() != 3) {  // an error: it is loading, or cannot reach its own primary
    network_.close(link_.connection);
    lose_primary();
    return;
  }
  const Place place{histories_.find(std::string(words[1])).value(), parse_integer<std::uint64_t>(words[2]).value()};
  if (words[0] == "FULLRESYNC") {
    link_.state = LinkState::kSynchronising;
    disconnect_replicas();
    after(traits_.full_sync_time,
          [this, place, connection = link_.connection] { finish_synchronisation(place, connection); });
  } else if (words[0] == "CONTINUE") {
    finish_synchronisation(place, link_.connection);
  } else if (link_.state == LinkState::kStreaming) {
    place_ = place;
    feed_replicas();
    network_.send(link_.connection, "ACK\r\n");
  }
}

void RedisServer::finish_synchronisation(Place place, ConnectionId connection) {
  if (connection != link_.connection) return;
  place_ = place;
  previous_.reset();
  link_.state = LinkState::kStreaming;
}

// --- As the one that is followed ---

// PSYNC <replication id> <offset> <port> [<announced host>]. Resumed if what it has is a part of what we have.
void RedisServer::serve_replica(ConnectionId, Session& session, const Arguments& arguments) {
  resp::Writer reply(session.out, resp::Protocol::kResp2);
  if (follows_ && link_.state != LinkState::kStreaming) {
    reply.error("NOMASTERLINK Can't SYNC while not connected with my master");
    return;
  }
  const std::uint64_t offset = parse_integer<std::uint64_t>(arguments.at(2)).value_or(0);
  const std::string& theirs = arguments.at(1);
  const bool same = theirs == histories_.replication_id(place_.history) && offset <= place_.offset;
  const bool before =
      previous_ && theirs == histories_.replication_id(previous_->history) && offset <= previous_->offset;
  reply.simple((same || before ? "CONTINUE " : "FULLRESYNC ") + place_text());
  const std::string& host = arguments.size() > 4 ? arguments[4] : session.remote.host;
  session.replica = Address{host, parse_integer<std::uint16_t>(arguments.at(3)).value_or(0)};
  session.heard_at = now();
}

void RedisServer::feed_replicas() {
  for (auto& [connection, session] : sessions_) {
    if (!session.replica) continue;
    resp::Writer(session.out, resp::Protocol::kResp2).simple("APPLY " + place_text());
    flush(connection);
  }
}

std::string RedisServer::place_text() const {
  return histories_.replication_id(place_.history) + " " + std::to_string(place_.offset);
}

// Every few seconds: what is silent for too long is given up.
void RedisServer::beat() {
  after(kHeartbeat, [this] { beat(); });
  if (follows_ && link_.state != LinkState::kNone && now() - link_.heard_at > kReplicationTimeout) {
    network_.close(link_.connection);
    lose_primary();
  }
  std::erase_if(sessions_, [this](const auto& entry) {
    const bool is_dead = entry.second.replica && now() - entry.second.heard_at > kReplicationTimeout;
    if (is_dead) network_.close(entry.first);
    return is_dead;
  });
  if (!follows_) feed_replicas();
}

}  // namespace vedette::sim
