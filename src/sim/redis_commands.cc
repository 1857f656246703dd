// What the commands of a simulated server do: those that sentinels, replicas and the clients of this world send.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "sim/redis_server.h"

namespace vedette::sim {
namespace {

constexpr std::string_view kNoReplicationId = "0000000000000000000000000000000000000000";
constexpr std::uint64_t kOffsetOfNothing = 1;  // that a replica tells of before it has had anything from its primary

}  // namespace

void RedisServer::request(ConnectionId connection, Session& session, const Arguments& arguments) {
  resp::Writer reply(session.out, session.protocol);
  const std::string name = to_upper(arguments.front());
  const std::string_view command = name;
  if (refuse(session, name)) {
    session.is_spoiled = session.in_transaction;
    return;
  }
  if (command == "MULTI") {
    session.in_transaction = true;
    reply.simple("OK");
  } else if (command == "DISCARD" && session.in_transaction) {
    leave_transaction(session);
    reply.simple("OK");
  } else if (command == "EXEC") {
    execute_transaction(connection, session);
  } else if (session.in_transaction) {
    session.queued.push_back(arguments);
    reply.simple("QUEUED");
  } else {
    execute(connection, session, arguments);
  }
}

// True if the server is in no state to do what it is asked, and says so.
bool RedisServer::refuse(Session& session, const std::string& command) {
  static const std::set<std::string> while_loading{"INFO", "CLIENT", "SUBSCRIBE", "PUBLISH", "AUTH", "HELLO"};
  static const std::set<std::string> while_busy{"SCRIPT", "CLIENT", "AUTH", "HELLO"};
  resp::Writer reply(session.out, session.protocol);
  if (session.protocol == resp::Protocol::kResp2 && !session.channels.empty() && command != "SUBSCRIBE") {
    reply.error(fmt::format("ERR Can't execute '{}': only SUBSCRIBE is allowed in this context", to_lower(command)));
    return true;
  }
  if (now() < loading_until_ && !while_loading.contains(command)) {
    reply.error("LOADING Redis is loading the dataset in memory");
    return true;
  }
  if (now() < busy_until_ && !while_busy.contains(command)) {
    reply.error("BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.");
    return true;
  }
  if (misconfigured_ && (command == "PING" || command == "SET")) {
    reply.error("MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.");
    return true;
  }
  if (denied_.contains(command)) {
    reply.error(fmt::format("NOPERM this user has no permissions to run the '{}' command", to_lower(command)));
    return true;
  }
  return false;
}

std::vector<RedisServer::Arguments> RedisServer::leave_transaction(Session& session) {
  session.in_transaction = session.is_spoiled = false;
  return std::exchange(session.queued, {});
}

void RedisServer::execute_transaction(ConnectionId connection, Session& session) {
  const bool is_spoiled = session.is_spoiled;
  const std::vector<Arguments> queued = leave_transaction(session);
  if (is_spoiled) {
    resp::Writer(session.out, session.protocol).error("EXECABORT Transaction discarded because of previous errors.");
    return;
  }
  resp::Writer(session.out, session.protocol).array(queued.size());
  for (const Arguments& arguments : queued) execute(connection, session, arguments);
}

void RedisServer::execute(ConnectionId connection, Session& session, const Arguments& arguments) {
  resp::Writer reply(session.out, session.protocol);
  const std::string name = to_upper(arguments.front());
  const std::string_view command = name;
  const std::string argument = arguments.size() > 1 ? to_upper(arguments[1]) : "";
  if (command == "PING") {
    reply.simple("PONG");
  } else if (command == "INFO") {
    reply.verbatim(info());
  } else if (command == "SET") {
    write(reply, arguments.size() > 1 ? std::string_view(arguments[1]) : "");
  } else if (command == "GET") {  // all that can be told of the data is where they are
    reply.bulk(fmt::format("{} {}", place_.history, place_.offset));
  } else if (command == "PUBLISH" && arguments.size() == 3) {
    publish(reply, arguments[1], arguments[2]);
  } else if (command == "SUBSCRIBE" && arguments.size() == 2) {
    session.channels.insert(arguments[1]);
    reply.push(3);
    reply.bulk("subscribe");
    reply.bulk(arguments[1]);
    reply.integer(static_cast<std::int64_t>(session.channels.size()));
  } else if (command == "SLAVEOF" || command == "REPLICAOF") {
    replicate_from(reply, session, arguments);
  } else if (command == "CONFIG" && argument == "REWRITE") {
    configured_follows_ = follows_;
    reply.simple("OK");
  } else if (command == "CLIENT" && argument == "KILL" && arguments.size() == 4) {
    reply.integer(kill_clients(connection, to_lower(arguments[3])));
  } else if (command == "HELLO" && !old_) {
    speak(session, arguments);
  } else if (command == "CLIENT" || command == "AUTH") {
    reply.simple("OK");
  } else if (command == "SCRIPT") {
    busy_until_ = now();
    reply.simple("OK");
  } else if (command == "PSYNC" && arguments.size() >= 4) {
    serve_replica(connection, session, arguments);
  } else if (command == "ACK") {
    session.heard_at = now();
  } else {
    reply.error(fmt::format("ERR unknown command '{}', with args beginning with: ", arguments.front()));
  }
}

// HELLO [2|3]
void RedisServer::speak(Session& session, const Arguments& arguments) {
  if (arguments.size() > 1) session.protocol = arguments[1] == "3" ? resp::Protocol::kResp3 : resp::Protocol::kResp2;
  resp::Writer reply(session.out, session.protocol);
  reply.map(2);
  reply.bulk("server");
  reply.bulk("redis");
  reply.bulk("proto");
  reply.integer(static_cast<std::int64_t>(session.protocol));
}

void RedisServer::publish(resp::Writer reply, const std::string& channel, const std::string& message) {
  std::int64_t receivers = 0;
  for (auto& [connection, session] : sessions_) {
    if (!session.channels.contains(channel)) continue;
    resp::Writer push(session.out, session.protocol);
    push.push(3);
    push.bulk("message");
    push.bulk(channel);
    push.bulk(message);
    flush(connection);
    ++receivers;
  }
  reply.integer(receivers);
}

// Replicas are of no such type, whoever has subscribed is of type pubsub only, and who asks is spared.
std::int64_t RedisServer::kill_clients(ConnectionId own, const std::string& type) {
  std::int64_t killed = 0;
  for (const auto& [connection, session] : sessions_) {
    if (session.replica || connection == own || (type == "pubsub") == session.channels.empty()) continue;
    to_close_.push_back(connection);
    ++killed;
  }
  return killed;
}

// The reply says at which place the write is, so that it can be found out later whether it was lost.
void RedisServer::write(resp::Writer reply, std::string_view key) {
  if (follows_) {
    reply.error("READONLY You can't write against a read only replica.");
    return;
  }
  place_.offset += Histories::kWriteBytes;
  histories_.add_author(place_.history, key);
  feed_replicas();
  reply.simple(fmt::format("OK {} {}", place_.history, place_.offset));
}

void RedisServer::replicate_from(resp::Writer reply, const Session& session, const Arguments& arguments) {
  if (arguments.size() != 3) {
    reply.error("ERR wrong number of arguments for 'slaveof' command");
    return;
  }
  if (equals_ignoring_case(arguments[1], "no") && equals_ignoring_case(arguments[2], "one")) {
    ordered_(*this, std::nullopt, session.remote.host);
    become_primary();
  } else {
    const Address target{arguments[1], parse_integer<std::uint16_t>(arguments[2]).value_or(0)};
    ordered_(*this, target, session.remote.host);
    follow(target);
  }
  reply.simple("OK");
}

std::string RedisServer::info() const {
  std::string text = fmt::format("# Server\r\nredis_version:7.0.15\r\nrun_id:{}\r\n# Persistence\r\nloading:{}\r\n",
                                 run_id_.hex, now() < loading_until_ ? 1 : 0);
  text += replication_info() + keyspace_info();
  text += traits_.more_info;
  return text;
}

std::string RedisServer::replication_info() const {
  std::string text = fmt::format("# Replication\r\nrole:{}\r\n", follows_ ? "slave" : "master");
  if (follows_) {
    const bool up = link_.state == LinkState::kStreaming;
    text += fmt::format("master_host:{}\r\nmaster_port:{}\r\nmaster_link_status:{}\r\n", follows_->host, follows_->port,
                        up ? "up" : "down");
    if (!up) {
      text += fmt::format("master_link_down_since_seconds:{}\r\n", to_millis(now() - link_.down_since) / 1000);
    }
    text += fmt::format("master_last_io_seconds_ago:{}\r\n", up ? to_millis(now() - link_.heard_at) / 1000 : -1);
    text += fmt::format("master_sync_in_progress:{}\r\nslave_repl_offset:{}\r\nslave_priority:{}\r\n",
                        link_.state == LinkState::kSynchronising ? 1 : 0, std::max(place_.offset, kOffsetOfNothing),
                        traits_.priority);
  }
  std::size_t number = 0;
  for (const auto& [connection, session] : sessions_) {
    if (!session.replica) continue;
    text += fmt::format("slave{}:ip={},port={},state=online,offset={},lag=0\r\n", number++, session.replica->host,
                        session.replica->port, place_.offset);
  }
  text += fmt::format("master_replid:{}\r\nmaster_replid2:{}\r\nmaster_repl_offset:{}\r\n",
                      histories_.replication_id(place_.history),
                      previous_ ? histories_.replication_id(previous_->history) : kNoReplicationId, place_.offset);
  return text;
}

// A server that loads has not read anything yet.
std::string RedisServer::keyspace_info() const {
  const std::uint64_t loaded = now() < loading_until_ ? 0 : keys();
  if (loaded == 0) return "# Keyspace\r\n";
  return fmt::format("# Keyspace\r\ndb0:keys={},expires=0,avg_ttl=0\r\n", loaded);
}

}  // namespace vedette::sim
