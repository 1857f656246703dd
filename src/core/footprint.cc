#include "core/footprint.h"

namespace vedette::core {
namespace {

using vedette::heap_of;

std::size_t heap_of(const Address& address) { return heap_of(address.host); }
std::size_t heap_of(const RunId& id) { return heap_of(id.hex); }
std::size_t heap_of(const Vote& vote) { return heap_of(vote.leader); }
std::size_t heap_of(const Configuration& configuration) { return heap_of(configuration.address); }

std::size_t heap_of(const proto::InfoReport& info) {
  std::size_t bytes = heap_of(info.run_id) + info.replicas.capacity() * sizeof(Address);
  for (const Address& replica : info.replicas) bytes += heap_of(replica);
  if (info.primary) bytes += heap_of(*info.primary);
  for (const std::string* text :
       {&info.replication_id, &info.replication_id_before, &info.redis_version, &info.vedette_version}) {
    bytes += heap_of(*text);
  }
  return bytes;
}

std::size_t heap_of(const Server& server) {
  std::size_t bytes = heap_of(server.address) + heap_of(server.run_id) + heap_of(server.info);
  if (server.last_known) bytes += heap_of(server.last_known->run_id);
  if (server.claim) bytes += heap_of(server.claim->name) + heap_of(server.claim->primary);
  return bytes;
}

std::size_t heap_of(const Outsider& outsider) {
  return heap_of(outsider.server) + heap_of(outsider.foreign) + heap_of(outsider.reason);
}

std::size_t heap_of(const proto::Hello& hello) {
  return heap_of(hello.sender) + heap_of(hello.sender_id) + heap_of(hello.primary_name) + heap_of(hello.primary);
}

std::size_t heap_of(const PrimarySettings& settings) {
  std::size_t bytes = tree_of(settings.renamed_commands);
  for (const auto& [command, name] : settings.renamed_commands) bytes += heap_of(command) + heap_of(name);
  for (const std::string* text :
       {&settings.auth_user, &settings.auth_pass, &settings.notification_script, &settings.client_reconfig_script}) {
    bytes += heap_of(*text);
  }
  return bytes;
}

std::size_t heap_of(const Histories& histories) {
  std::size_t bytes = heap_of(histories.present) + heap_of(histories.before);
  bytes += histories.earlier.capacity() * sizeof(std::string);
  for (const std::string& earlier : histories.earlier) bytes += heap_of(earlier);
  return bytes;
}

// Its name is the key of the map, too.
std::size_t heap_of(const Primary& primary) {
  std::size_t bytes = 2 * heap_of(primary.name) + heap_of(primary.settings) + heap_of(primary.server) +
                      heap_of(primary.published) + heap_of(primary.histories) + heap_of(primary.my_vote);
  if (primary.upstream) bytes += heap_of(*primary.upstream);
  bytes += tree_of(primary.outsiders) + tree_of(primary.hearsay) + tree_of(primary.other_names);
  for (const auto& [address, outsider] : primary.outsiders) bytes += heap_of(address) + heap_of(outsider);
  for (const auto& [id, hearsay] : primary.hearsay) bytes += heap_of(id) + heap_of(hearsay.hello);
  for (const auto& [name, at] : primary.other_names) bytes += heap_of(name);
  return bytes;
}

std::size_t heap_of(const Sentinel& sentinel) {
  return 2 * heap_of(sentinel.id) + heap_of(sentinel.vote) + heap_of(sentinel.config_address);
}

std::size_t heap_of(const Peer& peer) {
  std::size_t bytes =
      heap_of(peer.run_id) + heap_of(peer.address) + tree_of(peer.primaries) + tree_of(peer.down_afters);
  for (const std::string& name : peer.primaries) bytes += heap_of(name);
  return bytes;
}

}  // namespace

Footprint footprint_of(const State& state) {
  Footprint all;
  all.primaries = {state.primaries.size(), tree_of(state.primaries)};
  for (const auto& [name, primary] : state.primaries) {
    all.primaries.bytes += heap_of(primary);
    all.replicas.count += primary.replicas.size();
    all.replicas.bytes += tree_of(primary.replicas);
    for (const auto& [address, replica] : primary.replicas) {
      all.replicas.bytes += heap_of(address) + heap_of(replica.server);
    }
    all.sentinels.count += primary.sentinels.size();
    all.sentinels.bytes += tree_of(primary.sentinels);
    for (const auto& [id, sentinel] : primary.sentinels) all.sentinels.bytes += heap_of(sentinel);
  }
  all.peers = {state.peers.size(), tree_of(state.peers)};
  for (const auto& [id, peer] : state.peers) all.peers.bytes += heap_of(peer);
  return all;
}

}  // namespace vedette::core
