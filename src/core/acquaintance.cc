#include "core/acquaintance.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/configuration.h"
#include "core/correction.h"
#include "core/epochs.h"
#include "core/events.h"
#include "core/hearsay.h"
#include "core/outsiders.h"
#include "core/topology.h"
#include "proto/names.h"

namespace vedette::core {
namespace {

// The peer has moved: that is told for the primary whose hello says so, or for one that knows the peer already, and
// summed up for the others that share it.
void follow_move(Turn& turn, const Primary& hellos, Peer& peer, const Address& address) {
  move_peer(turn, peer, address);
  const auto sharing = primaries_of_peer(turn.state, peer);
  const Primary& primary = hellos.sentinels.contains(peer.run_id) ? hellos : *sharing.front();
  const Address shown = turn.state.names.shown(address);
  announce(turn, proto::event::kSentinelAddressSwitch, primary,
           fmt::format("ip {} port {} for {}", shown.host, shown.port, peer.run_id.hex));
  if (sharing.size() == 1) return;
  announce(turn, proto::event::kSentinelAddressUpdate, primary, primary.sentinels.at(peer.run_id),
           fmt::format("{} additional matching instances", sharing.size() - 1));
}

// Whoever was known at this address under another id is gone, from every primary.
void drop_predecessors(Turn& turn, const proto::Hello& hello) {
  std::vector<const Peer*> gone;
  for (const auto& [instance, peer] : turn.state.peers) {
    const bool is_there = turn.state.names.identical(peer.address, hello.sender);
    if (is_there && peer.run_id != hello.sender_id) gone.push_back(&peer);
  }
  for (const Peer* peer : gone) {
    const RunId id = peer->run_id;  // the peer goes with the last of its primaries
    for (Primary* primary : primaries_of_peer(turn.state, *peer)) {
      announce(turn, proto::event::kSentinelInvalidAddress, *primary, primary->sentinels.at(id));
      remove_sentinel(turn, *primary, id);
      turn.touch(primary->unit);
    }
  }
}

// The sentinel that said hello, met for the first time or known. Null if there are too many.
Sentinel* meet(Turn& turn, Primary& primary, const proto::Hello& hello) {
  const auto peer = turn.state.peers_by_run_id.find(hello.sender_id);
  if (peer != turn.state.peers_by_run_id.end()) {
    Peer& known = turn.state.peers.at(peer->second);
    if (!turn.state.names.same(known.address, hello.sender)) {
      follow_move(turn, primary, known, hello.sender);
      drop_predecessors(turn, hello);
    }
  }
  const auto sentinel = primary.sentinels.find(hello.sender_id);
  if (sentinel != primary.sentinels.end()) return &sentinel->second;

  drop_predecessors(turn, hello);
  Sentinel* added = add_sentinel(turn, primary, hello.sender_id, hello.sender);
  if (added == nullptr) {
    log(turn, Level::kWarning,
        fmt::format("{} has {} sentinels, which is the limit; {} is ignored", primary.name, kMaxSentinelsPerPrimary,
                    hello.sender_id.hex));
  } else {
    announce(turn, proto::event::kSentinelFound, primary, *added);
  }
  return added;
}

// Nearly every hello says what the one before said. Then no rule has anything to do, unless it waits to be told again
// where the primary is: a replica that is out of place is put there once a majority has confirmed it. A configuration
// that was told before is not newer than ours: it would have been adopted.
bool is_as_ever(const State& state, const Primary& primary, const Sentinel& sender, const proto::Hello& hello) {
  return hello.config_epoch == sender.config_epoch && hello.primary == sender.config_address &&
         !primary.hearsay.contains(hello.sender_id) && hello.current_epoch <= state.current_epoch &&
         state.names.same(state.peers.at(sender.peer).address, hello.sender) &&
         std::all_of(primary.replicas.begin(), primary.replicas.end(),
                     [&](const auto& entry) { return is_in_place(state.names, primary, entry.second); });
}

// On whose channel it was heard tells whom other sentinels take that server for.
void note_place(Turn& turn, const HelloReceived& fact) {
  Primary* owner = fact.heard_on ? turn.directory.owner_of(*fact.heard_on) : nullptr;
  Server* server = owner == nullptr ? nullptr : find_server(*owner, *fact.heard_on);
  if (server != nullptr) note_claim(turn, *owner, *server, fact.hello);
}

bool is_heard_on_stranger(const Turn& turn, const HelloReceived& fact) {
  Primary* owner = fact.heard_on ? turn.directory.owner_of(*fact.heard_on) : nullptr;
  const Outsider* outsider = owner == nullptr ? nullptr : find_outsider(*owner, *fact.heard_on);
  return outsider != nullptr && outsider->foreign.known() && outsider->foreign == outsider->server.run_id;
}

void note_peer(Turn& turn, Sentinel& sender, const proto::Hello& hello, Instant heard_at) {
  sender.last_hello = heard_at;
  if (sender.config_epoch != hello.config_epoch || sender.config_address != hello.primary) {
    sender.config_changed_at = turn.now;
  }
  sender.config_epoch = hello.config_epoch;
  sender.config_address = hello.primary;
}

}  // namespace

void take_hello(Turn& turn, const HelloReceived& fact) {
  const proto::Hello& hello = fact.hello;
  if (hello.sender_id == turn.state.my_id) return;
  if (!turn.state.names.usable(hello.sender) || !turn.state.names.usable(hello.primary)) return;
  note_place(turn, fact);
  Primary* named = turn.directory.named(hello.primary_name);
  if (named == nullptr) return;
  Primary& primary = *named;
  const auto known = primary.sentinels.find(hello.sender_id);
  if (known != primary.sentinels.end() && is_as_ever(turn.state, primary, known->second, hello)) {
    known->second.last_hello = turn.now;
    return;
  }
  const Hearsay said{.hello = hello, .heard_at = turn.now, .on_stranger = is_heard_on_stranger(turn, fact)};
  if (standing_of(turn.state, primary, said, turn.now) == Standing::kOurs) {
    primary.hearsay.erase(hello.sender_id);
    return believe(turn, primary, hello, turn.now);
  }
  note_hearsay(turn, primary, said);
  if (known != primary.sentinels.end()) note_peer(turn, known->second, hello, turn.now);
}

void believe(Turn& turn, Primary& primary, const proto::Hello& hello, Instant heard_at) {
  Sentinel* sender = meet(turn, primary, hello);
  raise_epoch(turn, primary, hello.current_epoch);
  turn.touch(primary.unit);
  if (sender == nullptr) return;
  note_peer(turn, *sender, hello, heard_at);
  if (hello.config_epoch > primary.config_epoch && hello.config_epoch <= kMaxEpoch) {
    adopt_configuration(turn, primary, *sender, {hello.primary, hello.config_epoch});
  }
}

}  // namespace vedette::core
