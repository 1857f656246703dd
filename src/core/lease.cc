#include "core/lease.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/quorum.h"

namespace vedette::core {

bool keeps_leases(const State& state, const RunId& peer) {
  const auto known = state.peers_by_run_id.find(peer);
  return known != state.peers_by_run_id.end() && state.peers.at(known->second).is_vedette.value_or(false);
}

bool may_keep_leases(const State& state, const RunId& peer) {
  const auto known = state.peers_by_run_id.find(peer);
  return known == state.peers_by_run_id.end() || state.peers.at(known->second).is_vedette.value_or(true);
}

bool all_keep_leases(const State& state, const Primary& primary) {
  return std::all_of(primary.sentinels.begin(), primary.sentinels.end(),
                     [&](const auto& entry) { return state.peers.at(entry.second.peer).is_vedette.value_or(false); });
}

std::optional<Instant> lease_end(const State& state, const Primary& primary) {
  const Failover& failover = *primary.failover;
  const std::size_t others_needed = election_majority(primary.voters(), primary.settings.quorum) - 1;
  if (failover.alone || others_needed == 0) return std::nullopt;
  std::vector<Instant> promised_until;
  for (const auto& [id, sentinel] : primary.sentinels) {
    const bool is_ours = sentinel.vote.leader == state.my_id && sentinel.vote.epoch == failover.epoch;
    const bool is_promise = is_ours && sentinel.vote_asked_at >= sentinel.vote_known_at;
    if (is_promise) promised_until.push_back(sentinel.vote_asked_at + state.timing.leader_lease);
  }
  return held_until(std::move(promised_until), others_needed).value_or(Instant{});
}

Micros way_given(const State& state, const Primary& primary, const RunId& leader) {
  if (keeps_leases(state, leader)) return state.timing.leader_lease;
  return 2 * primary.settings.failover_timeout;
}

}  // namespace vedette::core
