#include "sim/checker.h"

#include <fmt/format.h>

namespace vedette::sim {

void Checker::look_at(const SentinelProcess& sentinel) {
  const core::State& state = *sentinel.state();
  Epoch& current = current_epochs_[sentinel.name()];
  if (state.current_epoch < current) broken_(fmt::format("the current epoch of {} went back", sentinel.name()));
  current = state.current_epoch;
  for (const auto& [name, primary] : state.primaries) {
    Seen& seen = seen_[{sentinel.name(), name}];
    check_epochs(sentinel, primary, seen);
    check_votes(sentinel, primary);
    check_leader(sentinel, primary, seen);
    check_configuration(sentinel, primary);
  }
}

// What was only in memory may be lost; that nothing of it had been told is what the other checks are about.
void Checker::restarted(const SentinelProcess& sentinel) {
  current_epochs_.erase(sentinel.name());
  std::erase_if(seen_, [&](const auto& entry) { return entry.first.first == sentinel.name(); });
}

// Epochs never go back.
void Checker::check_epochs(const SentinelProcess& sentinel, const core::Primary& primary, Seen& seen) {
  if (primary.config_epoch < seen.config_epoch) {
    broken_(fmt::format("the configuration epoch of {} on {} went back", primary.name, sentinel.name()));
  }
  if (primary.my_vote.epoch < seen.vote_epoch) {
    broken_(fmt::format("the epoch of the vote of {} for {} went back", sentinel.name(), primary.name));
  }
  seen.config_epoch = primary.config_epoch;
  seen.vote_epoch = primary.my_vote.epoch;
}

// One vote per sentinel, primary and epoch, across restarts.
void Checker::check_votes(const SentinelProcess& sentinel, const core::Primary& primary) {
  for (const auto& [id, voter] : primary.sentinels) {
    if (!voter.vote.leader.known()) continue;
    const auto [given, is_new] = votes_.try_emplace({id, primary.name, voter.vote.epoch}, voter.vote.leader);
    if (given->second == voter.vote.leader) continue;
    broken_(fmt::format("{} was told that {} voted for {} at epoch {}, and that was {}", sentinel.name(), id.hex,
                        voter.vote.leader.hex, to_number(voter.vote.epoch), given->second.hex));
  }
}

// One leader per primary and epoch; no failover but of a primary that is agreed to be down, or by order.
void Checker::check_leader(const SentinelProcess& sentinel, const core::Primary& primary, Seen& seen) {
  const bool begins = primary.failover && !seen.in_failover;
  seen.in_failover = primary.failover.has_value();
  if (!primary.failover) return;
  if (begins && !primary.failover->forced && !primary.objectively_down_since) {
    broken_(fmt::format("{} fails {} over, which is not objectively down", sentinel.name(), primary.name));
  }
  if (std::holds_alternative<core::WaitStart>(primary.failover->state)) return;
  const RunId& id = sentinel.state()->my_id;
  const auto [leader, is_new] = leaders_.try_emplace({primary.name, primary.failover->epoch}, id);
  if (leader->second != id) {
    broken_(fmt::format("two leaders of {} at epoch {}: {} and {}", primary.name, to_number(primary.failover->epoch),
                        leader->second.hex, id.hex));
  }
}

// A configuration epoch names one address.
void Checker::check_configuration(const SentinelProcess& sentinel, const core::Primary& primary) {
  const core::Configuration& published = primary.published;
  if (published.epoch == Epoch{0}) return;  // of the operator's making
  const auto [named, is_new] = configurations_.try_emplace({primary.name, published.epoch}, published.address);
  if (named->second != published.address) {
    broken_(fmt::format("epoch {} of {} names {} and, on {}, {}", to_number(published.epoch), primary.name,
                        to_string(named->second), sentinel.name(), to_string(published.address)));
  }
}

}  // namespace vedette::sim
