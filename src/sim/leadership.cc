#include "sim/leadership.h"

#include <fmt/format.h>

#include <algorithm>

namespace vedette::sim {
namespace {

std::size_t count_votes(const core::Primary& primary, const RunId& id) {
  const auto is_counted = [&](const core::Vote& vote) {
    return vote.leader == id && vote.epoch == primary.failover->epoch;
  };
  const auto others = std::count_if(primary.sentinels.begin(), primary.sentinels.end(),
                                    [&](const auto& entry) { return is_counted(entry.second.vote); });
  return static_cast<std::size_t>(others) + (is_counted(primary.my_vote) ? 1 : 0);
}

std::size_t votes_needed(const core::Primary& primary) {
  const std::size_t voters = primary.sentinels.size() + 1;
  return std::max<std::size_t>(primary.settings.quorum, voters / 2 + 1);
}

}  // namespace

bool has_majority(const core::Primary& primary, const RunId& id) {
  return count_votes(primary, id) >= votes_needed(primary);
}

// Who has voted for another gives way: both might win, at epochs of their own.
std::optional<std::string> fault_of_candidate(const core::Primary& primary, const RunId& id) {
  const core::Vote& vote = primary.my_vote;
  if (vote.leader == id && vote.epoch == primary.failover->epoch) return std::nullopt;
  return fmt::format("stands at epoch {} of {} though it has voted for {} at epoch {}",
                     to_number(primary.failover->epoch), primary.name, vote.leader.hex, to_number(vote.epoch));
}

std::optional<std::string> fault_of_leader(const core::Primary& primary, const RunId& id) {
  if (primary.failover->forced) return std::nullopt;  // the operator's decision
  if (!has_majority(primary, id)) {
    return fmt::format("leads at epoch {} of {} with {} votes of {} sentinels, and needs {}",
                       to_number(primary.failover->epoch), primary.name, count_votes(primary, id),
                       primary.sentinels.size() + 1, votes_needed(primary));
  }
  if (primary.objectively_down_since) return std::nullopt;
  return fmt::format("is elected to fail {} over, which is not objectively down", primary.name);
}

std::optional<std::string> fault_of_promotion(const core::Primary& primary, const Role& promoted) {
  if (promoted.leads || promoted.changed_at >= primary.failover->started_at) return std::nullopt;
  return fmt::format("tells of a promotion for {} that has not happened", primary.name);
}

}  // namespace vedette::sim
