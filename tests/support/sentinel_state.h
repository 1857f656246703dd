// A sentinel's state made by hand: one primary with two replicas and one other sentinel, all well.
#pragma once

#include <string>

#include "core/state.h"

namespace vedette::testing {

inline const RunId kMyId{std::string(40, '1')};
inline const RunId kPeerId{std::string(40, '2')};
inline constexpr InstanceId kPrimaryInstance{1};
inline constexpr InstanceId kFirstReplica{2};
inline constexpr InstanceId kSecondReplica{3};
inline constexpr InstanceId kPeerInstance{4};

// Connected for an hour; the last PONG came 100 ms, the last INFO 4 s before `now`.
inline core::Health healthy(Instant now) {
  core::Health health;
  health.connected = true;
  health.fault = core::LinkFault::kNone;
  health.link_changed_at = now - 1h;
  health.last_valid_reply = now - 100ms;
  health.last_reply = now - 100ms;
  return health;
}

inline core::Server healthy_server(InstanceId id, const Address& address, char run_id_digit, proto::Role role,
                                   Instant now) {
  core::Server server;
  server.id = id;
  server.address = address;
  server.run_id = RunId{std::string(40, run_id_digit)};
  server.health = healthy(now);
  server.info_received_at = now - 4s;
  server.role_reported = role;
  server.role_reported_at = now - 1h;
  return server;
}

inline core::Replica healthy_replica(InstanceId id, const Address& address, char run_id_digit, const Address& primary,
                                     Instant now) {
  core::Replica replica;
  replica.server = healthy_server(id, address, run_id_digit, proto::Role::kReplica, now);
  replica.server.info.primary = primary;
  replica.server.info.primary_link_up = true;
  replica.server.info.replication_offset = 4711;
  return replica;
}

inline core::State healthy_state(Instant now) {
  const Address address{"10.0.0.1", 6379};
  core::State state;
  state.my_id = kMyId;
  state.current_epoch = Epoch{5};

  core::Peer peer;
  peer.id = kPeerInstance;
  peer.run_id = kPeerId;
  peer.address = {"10.0.0.8", 26379};
  peer.health = healthy(now);
  peer.primaries = {"mymaster"};
  peer.down_afters = {{core::PrimarySettings{}.down_after, 1}};
  state.peers.emplace(peer.id, peer);
  state.peers_by_run_id.emplace(kPeerId, peer.id);

  core::Primary primary;
  primary.name = "mymaster";
  primary.server = healthy_server(kPrimaryInstance, address, 'a', proto::Role::kPrimary, now);
  primary.config_epoch = Epoch{3};
  for (const auto& [id, host, digit] :
       {std::tuple(kFirstReplica, "10.0.0.2", 'b'), std::tuple(kSecondReplica, "10.0.0.3", 'c')}) {
    const Address replica{host, 6379};
    primary.replicas.emplace(replica, healthy_replica(id, replica, digit, address, now));
  }
  core::Sentinel sentinel;
  sentinel.peer = kPeerInstance;
  sentinel.id = kPeerId;
  sentinel.last_hello = now - 1s;
  primary.sentinels.emplace(kPeerId, sentinel);
  state.primaries.emplace(primary.name, primary);
  return state;
}

}  // namespace vedette::testing
