#include "core/failover.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/belonging.h"
#include "core/configuration.h"
#include "core/election.h"
#include "core/events.h"
#include "core/lease.h"
#include "core/outsiders.h"
#include "core/quorum.h"
#include "core/reconfiguration.h"
#include "core/selection.h"
#include "core/topology.h"
#include "proto/names.h"

namespace vedette::core {
namespace {

// Sending the transaction again does no harm.
constexpr Micros kPromotionResend = 1000ms;
constexpr Micros kDemotionResend = 1000ms;
constexpr Micros kDemotionWindow = 3000ms;
constexpr int kSimulatedCrashStatus = 99;
// Somebody with more data is awaited for so long at most after the election; for longer, others may try meanwhile.
constexpr Micros kSelectionPatience = 1500ms;

struct Chosen {
  std::optional<InstanceId> operator()(const WaitStart&) const { return std::nullopt; }
  std::optional<InstanceId> operator()(const SelectReplica&) const { return std::nullopt; }
  std::optional<InstanceId> operator()(const SendPromotion& state) const { return state.chosen; }
  std::optional<InstanceId> operator()(const WaitPromotion& state) const { return state.chosen; }
  std::optional<InstanceId> operator()(const ReconfigureReplicas& state) const { return state.promoted; }
  std::optional<InstanceId> operator()(const UpdateConfiguration&) const { return std::nullopt; }
};

template <typename S>
void enter(Turn& turn, Failover& failover, S state) {
  failover.state = std::move(state);
  failover.state_changed_at = turn.now;
  turn.acted();
}

bool timed_out(Turn& turn, const Primary& primary) {
  return turn.due(primary.failover->state_changed_at + primary.settings.failover_timeout);
}

// Our votes may not have been renewed, and others may stand already.
bool has_lease(Turn& turn, const Primary& primary) {
  const auto end = lease_end(turn.state, primary);
  return !end || !turn.due(*end);
}

// Who has elected us may have voted for another since. Promises are waited for as long as they would last.
bool may_still_lead(Turn& turn, const Primary& primary) {
  if (primary.failover->alone) return true;
  const Tally tally = tally_votes(primary, primary.failover->epoch);
  return tally.is_elected(turn.state.my_id) &&
         (has_lease(turn, primary) || !turn.due(primary.failover->elected_at + turn.state.timing.leader_lease));
}

// Of a relay the successor follows whom the primary followed.
Reconfigure promotion_of(const Turn& turn, const Primary& primary, const Server& chosen) {
  if (!primary.settings.relay || !primary.upstream) return {chosen.id, std::nullopt};
  return {chosen.id, turn.state.names.shown(*primary.upstream)};
}

void enter_selection(Turn& turn, Primary& primary) {
  announce(turn, proto::event::kSelectReplica, primary);
  for (auto& [address, replica] : primary.replicas) {  // offsets a second old lose writes: ask for fresh ones
    replica.server.info_pending = false;
    replica.server.info_sent_at.reset();
  }
  enter(turn, *primary.failover, SelectReplica{});
}

void confirm_configuration(Turn& turn, Primary& primary) {
  log(turn, Level::kNotice,
      fmt::format("Elected to confirm the configuration of {}: it is that of epoch {} now", primary.name,
                  to_number(primary.failover->epoch)));
  primary.config_epoch = primary.failover->epoch;
  enter(turn, *primary.failover, UpdateConfiguration{});
  record_configuration(turn, primary);
}

void advance(Turn& turn, Primary& primary, const UpdateConfiguration&) {
  if (!is_published(primary)) return;
  primary.failover.reset();
  turn.acted();
}

void advance(Turn& turn, Primary& primary, const WaitStart&) {
  if (candidacy_outcome(turn, primary) != Outcome::kElected) return;
  if (primary.failover->cause == Cause::kContradiction) return confirm_configuration(turn, primary);
  announce(turn, proto::event::kElectedLeader, primary);
  primary.failover->elected_at = turn.now;
  for (auto& [id, sentinel] : primary.sentinels) sentinel.asked_at.reset();  // at once: votes become promises
  if (turn.state.crash_after_election) turn.emit(Exit{kSimulatedCrashStatus});
  primary.dead_rounds = 0;
  enter_selection(turn, primary);
}

bool has_fresh_info(const Replica& replica, Instant since) {
  const Server& server = replica.server;
  const bool expected = server.health.connected && !server.subjectively_down();
  return !expected || (server.info_received_at && *server.info_received_at >= since && !server.info_pending);
}

// Its connection has just been broken.
bool may_be_back_soon(const Primary& primary) {
  return std::any_of(primary.replicas.begin(), primary.replicas.end(), [](const auto& entry) {
    const Server& server = entry.second.server;
    return !server.health.connected && !server.subjectively_down();
  });
}

// The primary may be well but for having become a replica, by an order of somebody who knew an old configuration. If
// nobody is fit to take its place it is made a primary again, which changes no configuration: all servers of the group
// would go on following each other for ever.
void reinstate(Turn& turn, Primary& primary, const Selection& selection) {
  const Server& server = primary.server;
  const bool is_replica = server.health.connected && server.role_reported == proto::Role::kReplica;
  const bool none_has_more =
      std::all_of(selection.candidates.begin(), selection.candidates.end(), [&](const Candidate& candidate) {
        return candidate.fitness == Fitness::kNeverSynchronised || candidate.fitness == Fitness::kPriorityZero ||
               candidate.offset <= server.info.replication_offset;
      });
  const bool is_cut_off = followed_outside(turn.state.names, primary, server, Micros{0}) == nullptr;
  if (!is_replica || !is_cut_off || !none_has_more || primary.failover->forced() || primary.usurped_since) return;
  log(turn, Level::kWarning,
      fmt::format("{} is a replica and nobody can take its place: made a primary again", primary.name));
  turn.emit(Reconfigure{server.id, std::nullopt});
}

void advance(Turn& turn, Primary& primary, const SelectReplica&) {
  const Instant since = primary.failover->state_changed_at;
  const bool all_fresh = std::all_of(primary.replicas.begin(), primary.replicas.end(),
                                     [&](const auto& entry) { return has_fresh_info(entry.second, since); });
  const Instant patient_until = since + turn.state.timing.fresh_info_patience;
  if (!all_fresh && !turn.due(patient_until)) return;

  const Selection selection = select_replica(turn.state, primary, turn.now);
  if (selection.chosen() == nullptr && may_be_back_soon(primary) && !turn.due(patient_until)) return;
  const bool is_worth_waiting = !selection.awaited.empty() && *selection.awaited_until - since <= kSelectionPatience;
  if (is_worth_waiting && !turn.due(*selection.awaited_until)) return;
  for (const Candidate& candidate : selection.candidates) {
    log(turn, Level::kNotice, fmt::format("replica of {}: {}", primary.name, describe(candidate)));
  }
  const Candidate* chosen = selection.chosen();
  if (chosen == nullptr) {
    reinstate(turn, primary, selection);
    abort_failover(turn, primary, proto::event::kAbortNoGoodReplica);
    return;
  }
  if (selection.is_without_data) {
    log(turn, Level::kWarning,
        fmt::format(
            "ALL DATA OF {} MAY BE LOST: {} is empty and takes the place of the primary, since nobody who can be "
            "reached has any data",
            primary.name, to_string(chosen->address)));
  }
  const Replica& replica = primary.replicas.at(chosen->address);
  announce(turn, proto::event::kSelectedReplica, primary, replica);
  announce(turn, proto::event::kSendPromotion, primary, replica);
  enter(turn, *primary.failover, SendPromotion{chosen->id});
}

void advance(Turn& turn, Primary& primary, const SendPromotion& state) {
  if (timed_out(turn, primary)) return abort_failover(turn, primary, proto::event::kAbortReplicaTimeout);
  const Replica* chosen = find_replica(primary, state.chosen);
  if (chosen == nullptr) return enter_selection(turn, primary);  // a stranger has taken its place
  if (!may_still_lead(turn, primary)) return retry_round(turn, primary);
  if (!has_lease(turn, primary)) return;
  if (chosen->server.subjectively_down()) return enter_selection(turn, primary);
  if (!chosen->server.health.connected) return;
  if (!takes_orders(turn.state, primary, chosen->server, turn.now)) return;
  turn.emit(promotion_of(turn, primary, chosen->server));
  announce(turn, proto::event::kWaitPromotion, primary, *chosen);
  enter(turn, *primary.failover, WaitPromotion{state.chosen, turn.now});
}

void confirm_promotion(Turn& turn, Primary& primary, const Replica& promoted) {
  announce(turn, proto::event::kPromotedReplica, primary, promoted);
  if (turn.state.crash_after_promotion) turn.emit(Exit{kSimulatedCrashStatus});
  primary.config_epoch = primary.failover->epoch;
  announce(turn, proto::event::kReconfigureReplicas, primary);
  call_reconfig_script(turn, primary, proto::script::kLeader, primary.server.address, promoted.server.address);
  enter(turn, *primary.failover,
        ReconfigureReplicas{promoted.server.id, promoted.server.address, promoted.server.run_id});
  record_configuration(turn, primary);
}

// An order may be lost with its connection, and otherwise needs time.
bool is_lost(Turn& turn, const Server& server, Instant sent_at) {
  return server.health.link_changed_at > sent_at || turn.due(sent_at + kPromotionResend);
}

void advance(Turn& turn, Primary& primary, WaitPromotion& state) {
  if (timed_out(turn, primary)) return abort_failover(turn, primary, proto::event::kAbortReplicaTimeout);
  Replica* chosen = find_replica(primary, state.chosen);
  if (chosen == nullptr) return enter_selection(turn, primary);  // a stranger has taken its place
  Server& server = chosen->server;
  const bool reported_since = server.info_received_at && *server.info_received_at >= state.sent_at;
  if (reported_since && leads_group(turn.state.names, primary, server)) {
    confirm_promotion(turn, primary, *chosen);
  } else if (server.subjectively_down() && has_lease(turn, primary)) {
    enter_selection(turn, primary);  // nobody was told of it yet
  } else if (takes_orders(turn.state, primary, server, turn.now) && is_lost(turn, server, state.sent_at) &&
             has_lease(turn, primary)) {
    turn.emit(promotion_of(turn, primary, server));
    state.sent_at = turn.now;
    turn.acted();
  }
}

// It has been seen alive, and to be a primary, without a gap since before the promotion. Later, or after a gap, it may
// have been promoted by somebody else.
bool has_lived_on(const Names& names, const Primary& primary, Instant promoted_at) {
  const Server& old = primary.server;
  return !primary.usurped_since && old.health.connected && old.health.link_changed_at <= promoted_at &&
         !old.subjectively_down() && leads_group(names, primary, old) && old.role_reported_at <= promoted_at;
}

// A primary that lives, as in a failover by order, is made a replica at once: what it goes on accepting is lost.
void demote_old_primary(Turn& turn, Primary& primary, ReconfigureReplicas& state) {
  const Server& old = primary.server;
  const Replica* promoted = find_replica(primary, state.promoted);
  const Instant promoted_at = primary.failover->state_changed_at;
  if (!has_lived_on(turn.state.names, primary, promoted_at) || turn.now - promoted_at > kDemotionWindow ||
      promoted == nullptr || may_be_one(turn.state.names, old, promoted->server) ||
      !may_be_followed(turn, primary, state, promoted->server))
    return;
  if (state.old_primary_told_at && !turn.due(*state.old_primary_told_at + kDemotionResend)) return;
  state.old_primary_told_at = turn.now;
  const Address to = turn.state.names.shown(state.promoted_address);
  turn.emit(Reconfigure{old.id, to});
  log(turn, Level::kNotice, fmt::format("the old primary of {} is told to follow {}", primary.name, to_string(to)));
  turn.acted();
}

void advance(Turn& turn, Primary& primary, ReconfigureReplicas& state) {
  if (!is_published(primary)) return;  // nobody follows a configuration that we might forget
  demote_old_primary(turn, primary, state);
  const Progress progress = reconfigure_replicas(turn, primary, state);
  if (progress == Progress::kDone) {
    announce(turn, proto::event::kFailoverEnd, primary);
  } else if (timed_out(turn, primary)) {
    announce(turn, proto::event::kFailoverEndForTimeout, primary);
    announce(turn, proto::event::kFailoverEnd, primary);
    reconfigure_the_rest(turn, primary, state);
  } else {
    return;
  }
  switch_primary(turn, primary, Address(state.promoted_address));
}

}  // namespace

void advance_failover(Turn& turn, Primary& primary) {
  if (!primary.failover) return;
  std::visit([&](auto& state) { advance(turn, primary, state); }, primary.failover->state);
}

std::optional<InstanceId> chosen_replica(const Failover& failover) { return std::visit(Chosen{}, failover.state); }

}  // namespace vedette::core
