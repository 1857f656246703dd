#include "core/quorum.h"

#include <algorithm>
#include <functional>

namespace vedette::core {

Instant expiry_of(const Opinion& opinion, const Timing& timing) {
  return opinion.at + kOpinionLifeInAskPeriods * timing.ask_period;
}

std::size_t election_majority(std::size_t voters, unsigned quorum) {
  return std::max<std::size_t>(quorum, voters / 2 + 1);
}

bool is_reachable(const State& state, const Sentinel& sentinel) {
  return !sentinel.subjectively_down_since && state.peers.at(sentinel.peer).health.connected;
}

std::optional<Instant> held_until(std::vector<Instant> each, std::size_t needed) {
  if (each.size() < needed) return std::nullopt;
  std::sort(each.begin(), each.end(), std::greater<>());
  return each[needed - 1];
}

DownVotes count_down_votes(const Primary& primary, const Timing& timing, Instant now) {
  DownVotes votes;
  if (primary.server.subjectively_down()) ++votes.count;
  for (const auto& [id, sentinel] : primary.sentinels) {
    if (!sentinel.opinion || !sentinel.opinion->down) continue;
    const Instant expires = expiry_of(*sentinel.opinion, timing);
    if (expires <= now) continue;
    ++votes.count;
    votes.valid_until = std::min(votes.valid_until.value_or(expires), expires);
  }
  return votes;
}

std::size_t Tally::votes_for(const RunId& candidate) const {
  const auto found = votes.find(candidate);
  return found == votes.end() ? 0 : found->second;
}

bool Tally::someone_may_win(std::size_t without) const {
  std::size_t most = 0;
  for (const auto& [candidate, count] : votes) most = std::max(most, count);
  return most + outstanding - without >= majority;
}

bool is_outstanding(const Sentinel& sentinel, Epoch epoch) {
  const bool has_voted = sentinel.vote.epoch == epoch && sentinel.vote.leader.known();
  return !has_voted && sentinel.refused_epoch != epoch;
}

Tally tally_votes(const Primary& primary, Epoch epoch) {
  Tally tally;
  tally.majority = election_majority(primary.voters(), primary.settings.quorum);
  const auto count = [&](const Vote& vote) {
    if (vote.epoch == epoch && vote.leader.known()) ++tally.votes[vote.leader];
  };
  count(primary.my_vote);
  for (const auto& [id, sentinel] : primary.sentinels) {
    count(sentinel.vote);
    if (is_outstanding(sentinel, epoch)) ++tally.outstanding;
  }
  return tally;
}

}  // namespace vedette::core
