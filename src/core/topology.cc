#include "core/topology.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "core/probing.h"

namespace vedette::core {
namespace {

Health new_health(Instant now) {
  Health health;
  health.link_changed_at = now;
  health.last_valid_reply = now;  // the benefit of the doubt, for one down-after
  health.last_reply = now;
  return health;
}

Server new_server(Turn& turn, Primary& primary, const Address& address, InstanceKind kind) {
  Server server;
  server.id = turn.directory.allocate();
  server.address = address;
  server.health = new_health(turn.now);
  server.role_reported = kind == InstanceKind::kPrimary ? proto::Role::kPrimary : proto::Role::kReplica;
  server.role_reported_at = turn.now;
  turn.directory.own(server.id, primary);
  turn.emit(Watch{server.id, kind, address, primary.name});
  return server;
}

void drop_server(Turn& turn, const Server& server) {
  turn.directory.disown(server.id);
  turn.emit(Unwatch{server.id});
}

Peer& peer_for(Turn& turn, const RunId& id, const Address& address) {
  const auto known = turn.state.peers_by_run_id.find(id);
  if (known != turn.state.peers_by_run_id.end()) return turn.state.peers.at(known->second);
  const InstanceId instance = turn.directory.allocate();
  turn.state.peers_by_run_id.emplace(id, instance);
  Peer& peer = turn.state.peers[instance];
  peer = {instance, id, address, new_health(turn.now)};
  turn.emit(Watch{instance, InstanceKind::kSentinel, address, {}});
  turn.touch(instance);
  return peer;
}

void count_down_after(Peer& peer, Micros down_after) { ++peer.down_afters[down_after]; }
void discount_down_after(Peer& peer, Micros down_after) {
  const auto counted = peer.down_afters.find(down_after);
  if (--counted->second == 0) peer.down_afters.erase(counted);
}

void drop_peer(Turn& turn, InstanceId instance) {
  turn.state.peers_by_run_id.erase(turn.state.peers.at(instance).run_id);
  turn.state.peers.erase(instance);
  turn.state.with_silent_links.erase(instance);
  turn.touch(instance);  // so that its timer is dropped
  turn.emit(Unwatch{instance});
}

// What was thought, said and done about the primary at its old address.
void forget_down_states(Turn& turn, Primary& primary) {
  primary.objectively_down_since.reset();
  turn.state.objectively_down.erase(primary.unit);
  primary.failover.reset();
  primary.not_before = Instant{};
  primary.led_in_vain_until = Instant{};
  primary.promised_until = Instant{};
  primary.dead_rounds = 0;
  primary.usurped_since.reset();
  primary.usurper = {};
  primary.monitors_replica = false;
  primary.server.subjectively_down_since.reset();
  primary.server.rebooted_at.reset();
  for (auto& [address, replica] : primary.replicas) {
    replica.reconf = ReconfState::kNone;
    replica.corrected_at.reset();
    replica.server.subjectively_down_since.reset();
  }
  for (auto& [id, sentinel] : primary.sentinels) {
    sentinel.opinion.reset();
    sentinel.asked_at.reset();
  }
}

}  // namespace

Primary& add_primary(Turn& turn, const std::string& name, const Address& address, const PrimarySettings& settings) {
  const auto [entry, added] = turn.state.primaries.try_emplace(name);
  VEDETTE_CHECK(added, "a primary is added once");
  Primary& primary = entry->second;
  primary.name = name;
  primary.settings = settings;
  primary.unit = turn.directory.allocate();
  turn.directory.enlist(primary);
  turn.directory.own(primary.unit, primary);
  primary.server = new_server(turn, primary, address, InstanceKind::kPrimary);
  primary.configuration_changed_at = turn.now;
  turn.directory.locate(place_of(turn, primary), name);
  turn.touch(primary.unit);
  return primary;
}

void remove_primary(Turn& turn, const std::string& name) {
  Primary& primary = turn.state.primaries.at(name);
  remove_all_replicas(turn, primary);
  remove_all_outsiders(turn, primary);
  remove_all_sentinels(turn, primary);
  drop_server(turn, primary.server);
  turn.directory.dislocate(place_of(turn, primary), primary.name);
  turn.directory.disown(primary.unit);
  turn.directory.strike_off(primary);
  turn.state.objectively_down.erase(primary.unit);
  turn.state.with_silent_links.erase(primary.unit);
  turn.touch(primary.unit);  // so that its timer is dropped
  turn.state.primaries.erase(name);
}

Replica* add_replica(Turn& turn, Primary& primary, const Address& address) {
  if (primary.replicas.size() >= kMaxReplicasPerPrimary) return nullptr;
  const auto [entry, added] = primary.replicas.try_emplace(address);
  VEDETTE_CHECK(added, "a replica is added once");
  Replica& replica = entry->second;
  replica.server = new_server(turn, primary, address, InstanceKind::kReplica);
  replica.followed_changed_at = turn.now;
  turn.durability.changed(primary.name);
  return &replica;
}

Sentinel* add_sentinel(Turn& turn, Primary& primary, const RunId& id, const Address& address) {
  if (primary.sentinels.size() >= kMaxSentinelsPerPrimary) return nullptr;
  const auto [entry, added] = primary.sentinels.try_emplace(id);
  VEDETTE_CHECK(added, "a sentinel is added once");
  Peer& peer = peer_for(turn, id, address);
  peer.primaries.insert(primary.name);
  count_down_after(peer, primary.settings.down_after);
  Sentinel& sentinel = entry->second;
  sentinel.peer = peer.id;
  sentinel.id = id;
  sentinel.last_hello = turn.now;
  turn.durability.changed(primary.name);
  return &sentinel;
}

void remove_sentinel(Turn& turn, Primary& primary, const RunId& id) {
  Peer& peer = turn.state.peers.at(primary.sentinels.at(id).peer);
  primary.sentinels.erase(id);
  peer.primaries.erase(primary.name);
  discount_down_after(peer, primary.settings.down_after);
  if (peer.primaries.empty()) drop_peer(turn, peer.id);
  turn.durability.changed(primary.name);
}

void remove_replica(Turn& turn, Primary& primary, const Address& address) {
  drop_server(turn, primary.replicas.at(address).server);
  primary.replicas.erase(address);
  turn.durability.changed(primary.name);
}

void remove_all_replicas(Turn& turn, Primary& primary) {
  for (const auto& [address, replica] : primary.replicas) drop_server(turn, replica.server);
  primary.replicas.clear();
  primary.doubled_since.reset();
  turn.durability.changed(primary.name);
}

Outsider* add_outsider(Turn& turn, Primary& primary, const Address& address) {
  const auto inquiries = std::count_if(primary.outsiders.begin(), primary.outsiders.end(),
                                       [](const auto& entry) { return !entry.second.at_replica; });
  if (static_cast<std::size_t>(inquiries) >= kMaxInquiriesPerPrimary) return nullptr;
  const auto [entry, added] = primary.outsiders.try_emplace(address);
  VEDETTE_CHECK(added, "an outsider is added once");
  entry->second.server = new_server(turn, primary, address, InstanceKind::kReplica);
  entry->second.since = turn.now;
  return &entry->second;
}

void remove_outsider(Turn& turn, Primary& primary, const Address& address) {
  drop_server(turn, primary.outsiders.at(address).server);
  primary.outsiders.erase(address);
}

void remove_all_outsiders(Turn& turn, Primary& primary) {
  for (const auto& [address, outsider] : primary.outsiders) drop_server(turn, outsider.server);
  primary.outsiders.clear();
}

Outsider& exclude_replica(Turn& turn, Primary& primary, const Address& address) {
  Outsider outsider;
  outsider.server = std::move(primary.replicas.at(address).server);
  outsider.server.subjectively_down_since.reset();
  outsider.at_replica = true;
  outsider.since = turn.now;
  primary.replicas.erase(address);
  turn.durability.changed(primary.name);
  return primary.outsiders.insert_or_assign(address, std::move(outsider)).first->second;
}

Replica& readmit_replica(Turn& turn, Primary& primary, const Address& address) {
  Replica replica;
  replica.server = std::move(primary.outsiders.at(address).server);
  replica.followed_changed_at = turn.now;
  primary.outsiders.erase(address);
  turn.durability.changed(primary.name);
  return primary.replicas.insert_or_assign(address, std::move(replica)).first->second;
}

void remove_all_sentinels(Turn& turn, Primary& primary) {
  while (!primary.sentinels.empty()) {
    const RunId id = primary.sentinels.begin()->first;
    remove_sentinel(turn, primary, id);
  }
}

void move_peer(Turn& turn, Peer& peer, const Address& address) {
  peer.address = address;
  note_link_down(turn, peer.health, LinkFault::kConnecting);
  turn.emit(Relink{peer.id, address, LinkFault::kConnecting});
  for (const Primary* primary : primaries_of_peer(turn.state, peer)) turn.durability.changed(primary->name);
}

void move_primary(Turn& turn, Primary& primary, const Address& address) {
  const Names& names = turn.state.names;
  if (names.identical(address, primary.server.address)) {
    forget_down_states(turn, primary);
    return;
  }
  Server successor;
  auto known = primary.replicas.find(address);  // whoever else its name may lead to
  if (known == primary.replicas.end()) {
    known = std::find_if(primary.replicas.begin(), primary.replicas.end(),
                         [&](const auto& entry) { return names.identical(entry.first, address); });
  }
  const auto outsider = primary.outsiders.find(address);
  if (known != primary.replicas.end()) {
    successor = std::move(known->second.server);
    primary.replicas.erase(known);
  } else if (outsider != primary.outsiders.end()) {
    successor = std::move(outsider->second.server);
    primary.outsiders.erase(outsider);
  } else {
    successor = new_server(turn, primary, address, InstanceKind::kPrimary);
  }
  turn.directory.dislocate(place_of(turn, primary), primary.name);
  Replica demoted;
  demoted.server = std::exchange(primary.server, std::move(successor));
  turn.directory.locate(place_of(turn, primary), primary.name);
  primary.switched_at = turn.now;
  demoted.followed_changed_at = turn.now;
  demoted.server.was_promoted = false;  // that was for the configuration that is over
  if (primary.replicas.size() < kMaxReplicasPerPrimary) {
    const Address old_address = demoted.server.address;
    primary.replicas.emplace(old_address, std::move(demoted));
  } else {
    drop_server(turn, demoted.server);
  }
  forget_down_states(turn, primary);
}

Address place_of(const Turn& turn, const Primary& primary) { return turn.state.names.place(primary.server.address); }

bool is_one_process(const Server& one, const Server& other) { return one.run_id.known() && one.run_id == other.run_id; }

bool may_be_one(const Names& names, const Server& one, const Server& other) {
  return is_one_process(one, other) || names.same(one.address, other.address);
}

const Address& current_address(const Primary& primary) {
  if (primary.failover) {
    if (const auto* state = std::get_if<ReconfigureReplicas>(&primary.failover->state)) return state->promoted_address;
  }
  return primary.server.address;
}

Configuration current_configuration(const Primary& primary) { return {current_address(primary), primary.config_epoch}; }

std::vector<Primary*> primaries_of_peer(State& state, const Peer& peer) {
  std::vector<Primary*> sharing;
  sharing.reserve(peer.primaries.size());
  for (const std::string& name : peer.primaries) sharing.push_back(&state.primaries.at(name));
  return sharing;
}

void apply_settings(State& state, Primary& primary, const PrimarySettings& settings) {
  for (const auto& [id, sentinel] : primary.sentinels) {
    Peer& peer = state.peers.at(sentinel.peer);
    discount_down_after(peer, primary.settings.down_after);
    count_down_after(peer, settings.down_after);
  }
  primary.settings = settings;
}

}  // namespace vedette::core
