#include "tests/support/model_server.h"

#include <fmt/format.h>

namespace vedette::testing {

void ModelServer::promote(char new_history) {
  if (!follows) return;
  follows.reset();
  cut_off_since.reset();
  history_before = history;
  history = new_history;
}

void ModelServer::follow(const Address& primary, Instant now) {
  if (follows == primary) return;
  follows = primary;
  cut_off_since = now;
  synchronised_at = now + sync_time;
}

namespace {

std::string replication_of_replica(const ModelServer& server, Instant now) {
  std::string text = fmt::format("role:slave\r\nmaster_host:{}\r\nmaster_port:{}\r\nmaster_link_status:{}\r\n",
                                 server.follows->host, server.follows->port, server.cut_off_since ? "down" : "up");
  if (server.cut_off_since) {
    text += fmt::format("master_link_down_since_seconds:{}\r\n",
                        server.never_linked ? -1 : to_millis(now - *server.cut_off_since) / 1000);
  }
  const Micros unheard = now - server.heard_primary_at.value_or(now);
  text += fmt::format("master_last_io_seconds_ago:{}\r\n", server.cut_off_since ? -1 : to_millis(unheard) / 1000);
  text += fmt::format("master_sync_in_progress:{}\r\nslave_repl_offset:{}\r\nslave_priority:{}\r\n",
                      server.synchronising ? 1 : 0, server.offset, server.priority);
  return text;
}

std::string replication_of_primary(const std::vector<Address>& followers) {
  std::string text = "role:master\r\n";
  for (std::size_t i = 0; i < followers.size(); ++i) {
    text += fmt::format("slave{}:ip={},port={},state=online\r\n", i, followers[i].host, followers[i].port);
  }
  return text;
}

}  // namespace

std::string info_of(const ModelServer& server, const std::vector<Address>& followers, Instant now) {
  std::string text =
      fmt::format("# Server\r\nredis_version:7.0.15\r\nrun_id:{}\r\n# Replication\r\n", server.run_id.hex);
  text += server.follows ? replication_of_replica(server, now) : replication_of_primary(followers);
  text += fmt::format("master_replid:{}\r\n", forty(server.history));
  text += fmt::format("master_replid2:{}\r\n", forty(server.history_before == 0 ? '0' : server.history_before));
  if (server.loading) text += "loading:1\r\n";
  if (server.keys) text += "# Keyspace\r\n";
  if (server.keys.value_or(0) > 0) text += fmt::format("db0:keys={},expires=0,avg_ttl=0\r\n", *server.keys);
  return text;
}

}  // namespace vedette::testing
