#include "sim/leadership.h"

#include <fmt/format.h>

#include <algorithm>

namespace vedette::sim {
namespace {

constexpr Micros kLately = 1000ms;
constexpr std::uint64_t kSomeData = 100;

std::size_t count_votes(const core::Primary& primary, const RunId& id) {
  const auto is_counted = [&](const core::Vote& vote) {
    return vote.leader == id && vote.epoch == primary.failover->epoch;
  };
  const auto others = std::count_if(primary.sentinels.begin(), primary.sentinels.end(),
                                    [&](const auto& entry) { return is_counted(entry.second.vote); });
  return static_cast<std::size_t>(others) + (is_counted(primary.my_vote) ? 1 : 0);
}

bool is_history_of(const std::string& id, const core::Histories& histories) {
  const auto& earlier = histories.earlier;
  return !id.empty() && (id == histories.present || id == histories.before ||
                         std::find(earlier.begin(), earlier.end(), id) != earlier.end());
}

bool is_foreign(const core::Server& server, const core::Histories& histories) {
  return !is_history_of(server.info.replication_id, histories) &&
         !is_history_of(server.info.replication_id_before, histories);
}

// Beyond any doubt: much less would do.
bool is_surely_fit(const core::Primary& primary, const core::Server& server) {
  const proto::InfoReport& info = server.info;
  const auto is_lately = [&](std::optional<Instant> at) {
    return at && primary.failover->state_changed_at - *at < kLately;
  };
  return server.health.connected && !server.subjectively_down() && is_lately(server.health.last_valid_reply) &&
         is_lately(server.info_received_at) && server.role_reported == proto::Role::kReplica && info.priority > 0 &&
         info.replication_id == primary.histories.present && info.replication_offset > kSomeData &&
         !info.primary_sync_in_progress && info.primary_link_down_for < primary.settings.down_after;
}

}  // namespace

std::size_t votes_needed(const core::Primary& primary) {
  const std::size_t voters = primary.sentinels.size() + 1;
  return std::max<std::size_t>(primary.settings.quorum, voters / 2 + 1);
}

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
  if (primary.failover->forced()) return std::nullopt;  // the operator's decision
  if (!has_majority(primary, id)) {
    return fmt::format("leads at epoch {} of {} with {} votes of {} sentinels, and needs {}",
                       to_number(primary.failover->epoch), primary.name, count_votes(primary, id),
                       primary.sentinels.size() + 1, votes_needed(primary));
  }
  if (primary.objectively_down_since || primary.failover->cause == core::Cause::kContradiction) return std::nullopt;
  return fmt::format("is elected to fail {} over, which is not objectively down", primary.name);
}

std::optional<std::string> fault_of_choice(const core::Primary& primary, InstanceId chosen) {
  const core::Server* server = nullptr;
  const core::Server* fit = nullptr;
  for (const auto& [address, replica] : primary.replicas) {
    if (replica.server.id == chosen) server = &replica.server;
    if (is_surely_fit(primary, replica.server)) fit = &replica.server;
  }
  if (server == nullptr || fit == nullptr || !is_foreign(*server, primary.histories)) return std::nullopt;
  return fmt::format("has chosen {} for {}, whose data is of another history, and not {}", to_string(server->address),
                     primary.name, to_string(fit->address));
}

std::optional<std::string> fault_of_promotion(const core::Primary& primary, const Role& promoted) {
  if (promoted.leads || promoted.changed_at >= primary.failover->started_at) return std::nullopt;
  return fmt::format("tells of a promotion for {} that has not happened", primary.name);
}

}  // namespace vedette::sim
