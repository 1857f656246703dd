#include "core/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "core/belonging.h"

namespace vedette::core {
namespace {

constexpr int kLivelinessInPingPeriods = 5;
constexpr int kInfoLifeInInfoPeriods = 3;
constexpr int kLinkDownInDownAfters = 10;
// After a power failure servers come up at about the same time: the first one is not the one with the newest data.
constexpr Micros kColdPatience = 1000ms;
// What a replica reports as its offset before its first synchronisation; older servers report 0.
constexpr std::uint64_t kOffsetOfNothing = 1;

// While the primary is down INFO comes every second, so that five periods of PING are ample; else three of INFO.
Micros info_life(const Primary& primary, const Timing& timing) {
  return primary.server.subjectively_down() ? kLivelinessInPingPeriods * timing.ping_period
                                            : kInfoLifeInInfoPeriods * timing.info_period;
}

// A replica's link is expected to be down since the primary was last heard, which may be long before it counts as down
// if we stood still meanwhile, or since it has become a replica itself. What it was down for before that counts.
Micros allowed_link_down(const Primary& primary, Instant now) {
  const Server& server = primary.server;
  Instant since = now;
  if (server.subjectively_down()) since = std::min(*server.subjectively_down_since, server.health.last_valid_reply);
  if (server.role_reported == proto::Role::kReplica) since = std::min(since, server.role_reported_at);
  return (now - since) + kLinkDownInDownAfters * primary.settings.down_after;
}

std::optional<Fitness> judge_reachability(const Server& server, const Timing& timing, Instant now) {
  if (server.subjectively_down()) return Fitness::kDown;
  if (!server.health.connected) return Fitness::kDisconnected;
  if (now - server.health.last_valid_reply > kLivelinessInPingPeriods * timing.ping_period) return Fitness::kSilent;
  return std::nullopt;
}

// A replica without its link tells by its offset whether it ever had one; and by its history, where the primary has
// not written anything yet.
bool has_synchronised(const Server& server, Lineage lineage) {
  return server.info.primary_link_up || server.info.replication_offset > kOffsetOfNothing ||
         (server.role_reported == proto::Role::kReplica && lineage == Lineage::kPresent);
}

// It has started since it was last linked to a primary. From an AOF it has all its data, and neither history nor
// offset.
bool is_cold(const Server& server, Lineage lineage) {
  const proto::InfoReport& info = server.info;
  const bool has_begun_anew = info.replication_offset <= kOffsetOfNothing && lineage != Lineage::kPresent;
  return !info.primary_link_up && (info.primary_never_linked || has_begun_anew);
}

bool has_keys(const Server& server) { return server.info.keys.value_or(0) > 0; }

// How far its data goes. What it reports itself holds; otherwise, if it has kept its data over a restart, what it had
// before.
std::uint64_t data_offset(const Server& server) {
  if (server.info.replication_offset > kOffsetOfNothing || !server.last_known || !has_keys(server)) {
    return server.info.replication_offset;
  }
  const bool is_kept = *server.info.keys >= server.last_known->keys.value_or(0) / 2;
  return is_kept ? server.last_known->offset : server.info.replication_offset;
}

// Its data is not known to be of this group's history, but it follows a server of this group.
bool seems_ours(const Names& names, const Primary& primary, const Server& server) {
  if (server.role_reported != proto::Role::kReplica || !server.info.primary) return false;
  const auto is_followed = [&](const Address& address) { return names.same(*server.info.primary, address); };
  return is_followed(primary.server.address) ||
         std::any_of(primary.replicas.begin(), primary.replicas.end(),
                     [&](const auto& entry) { return is_followed(entry.first); });
}

Fitness judge_data(const State& state, const Primary& primary, const Server& server, Instant now) {
  const proto::InfoReport& info = server.info;
  if (info.priority == 0) return Fitness::kPriorityZero;
  if (is_promoted_from(server, primary.histories)) return Fitness::kBehindChosen;
  if (info.primary_sync_in_progress) return Fitness::kSynchronising;
  if (info.loading) return Fitness::kLoading;
  if (belonging_of(state, primary, server, now).owner == Owner::kAmbiguous) return Fitness::kDoubtful;
  const Lineage lineage = lineage_of(info, primary.histories);
  if (!has_synchronised(server, lineage) && !has_keys(server)) {
    return info.keys ? Fitness::kEmpty : Fitness::kNeverSynchronised;
  }
  if (info.primary_link_down_for > allowed_link_down(primary, now)) return Fitness::kLinkDownTooLong;
  const bool tells_history = info.replication_offset > kOffsetOfNothing || info.primary_link_up || !has_keys(server);
  return lineage == Lineage::kForeign && tells_history ? Fitness::kForeignLineage : Fitness::kBehindChosen;
}

Fitness judge(const State& state, const Primary& primary, const Server& server, Instant now, InfoAge accepted) {
  if (const auto fault = judge_reachability(server, state.timing, now)) return *fault;
  if (!server.info_received_at) return Fitness::kNoInfo;
  const bool is_stale = now - *server.info_received_at > info_life(primary, state.timing);
  if (is_stale && accepted == InfoAge::kFresh) return Fitness::kStaleInfo;
  return judge_data(state, primary, server, now);
}

// Less is better.
using Preference = std::tuple<bool, bool, bool, int, std::uint64_t, std::uint64_t, bool, RunId>;

Preference preference_of(const Primary& primary, const Candidate& candidate) {
  const Server& server = primary.replicas.at(candidate.address).server;
  const bool promoted = is_promoted_from(server, primary.histories);
  const Lineage lineage = lineage_of(server.info, primary.histories);
  const bool cold = !promoted && is_cold(server, lineage);
  return {!promoted,
          lineage == Lineage::kEarlier,
          cold,
          candidate.priority,
          ~data_offset(server),
          cold ? ~server.info.keys.value_or(0) : 0,
          !candidate.run_id.known(),
          candidate.run_id};
}

template <typename Accept>
Candidate* best_of(Selection& selection, const Primary& primary, Accept accept) {
  Candidate* best = nullptr;
  for (Candidate& candidate : selection.candidates) {
    if (!accept(candidate)) continue;
    if (best == nullptr || preference_of(primary, candidate) < preference_of(primary, *best)) best = &candidate;
  }
  return best;
}

bool had_data(const Server& server) {
  return server.last_known && (server.last_known->keys.value_or(0) > 0 || server.last_known->offset > kOffsetOfNothing);
}

// Everything was off, and the best so far is behind one that is not back yet.
bool is_better_awaited(Selection& selection, const Primary& primary, const Candidate& best, Instant now) {
  const Server& server = primary.replicas.at(best.address).server;
  if (!is_cold(server, lineage_of(server.info, primary.histories))) return false;
  const Instant until = server.health.link_changed_at + kColdPatience;
  if (now >= until) return false;
  for (const auto& [address, replica] : primary.replicas) {
    const Server& other = replica.server;
    const bool had_more = other.last_known && other.last_known->offset > data_offset(server);
    if (had_more && (!is_heard(other) || other.info.loading)) selection.awaited.push_back(address);
  }
  if (selection.awaited.empty()) return false;
  selection.awaited_until = until;
  return true;
}

// Data of the group's history is in sight, though not in memory yet: it goes before data of another one.
bool is_loading_awaited(Selection& selection, const Primary& primary, Instant now) {
  for (const Candidate& candidate : selection.candidates) {
    const Server& server = primary.replicas.at(candidate.address).server;
    if (candidate.fitness == Fitness::kLoading && lineage_of(server.info, primary.histories) == Lineage::kPresent) {
      selection.awaited.push_back(candidate.address);
    }
  }
  selection.awaited_until = primary.objectively_down_since.value_or(now) + primary.settings.failover_timeout;
  if (now >= *selection.awaited_until) selection.awaited.clear();
  return !selection.awaited.empty();
}

// Nobody is fit but an empty one, if that. It is taken as the original would, unless somebody who can be reached has
// data, however unfit, or somebody who had some may still come back.
Candidate* best_empty(Selection& selection, const Primary& primary, Instant now) {
  Candidate* best = best_of(selection, primary, [](const Candidate& c) { return c.fitness == Fitness::kEmpty; });
  if (best == nullptr) return nullptr;
  bool is_data_in_reach = false;
  for (const auto& [address, replica] : primary.replicas) {
    const Server& server = replica.server;
    const bool is_in_reach = is_heard(server) && !server.subjectively_down();
    is_data_in_reach |= is_in_reach && has_keys(server) && !server.info.loading;
    const bool may_come_back = !is_in_reach || server.info.loading;
    if (may_come_back && had_data(server)) selection.awaited.push_back(address);
  }
  const Instant since = primary.objectively_down_since.value_or(now);
  selection.awaited_until = since + primary.settings.failover_timeout;
  if (is_data_in_reach || now >= *selection.awaited_until) selection.awaited.clear();
  if (is_data_in_reach || !selection.awaited.empty()) return nullptr;
  selection.is_without_data = true;
  return best;
}

}  // namespace

std::string_view explain(Fitness fitness) {
  switch (fitness) {
    case Fitness::kChosen:
      return "chosen";
    case Fitness::kBehindChosen:
      return "fit, but another one is preferred";
    case Fitness::kDown:
      return "it is down";
    case Fitness::kDisconnected:
      return "no connection to it";
    case Fitness::kSilent:
      return "it does not answer PING";
    case Fitness::kNoInfo:
      return "it has not answered INFO yet";
    case Fitness::kStaleInfo:
      return "its last INFO is too old";
    case Fitness::kPriorityZero:
      return "its priority is 0";
    case Fitness::kNeverSynchronised:
      return "it never synchronised with the primary";
    case Fitness::kEmpty:
      return "it is empty";
    case Fitness::kLoading:
      return "it is still loading its data";
    case Fitness::kDoubtful:
      return "nothing shows that its data is of this group";
    case Fitness::kSynchronising:
      return "it is in the middle of a full synchronisation";
    case Fitness::kLinkDownTooLong:
      return "it was cut off from the primary for too long";
    case Fitness::kForeignLineage:
      return "its data is not of this group's history";
  }
  return "unknown";
}

bool is_promoted_from(const Server& replica, const Histories& histories) {
  return replica.info_received_at && replica.role_reported == proto::Role::kPrimary && !histories.present.empty() &&
         replica.info.replication_id_before == histories.present;
}

const Candidate* Selection::chosen() const {
  const auto found = std::find_if(candidates.begin(), candidates.end(),
                                  [](const Candidate& c) { return c.fitness == Fitness::kChosen; });
  return found == candidates.end() ? nullptr : &*found;
}

Selection select_replica(const State& state, const Primary& primary, Instant now, InfoAge accepted) {
  Selection selection;
  for (const auto& [address, replica] : primary.replicas) {
    const Server& server = replica.server;
    selection.candidates.push_back({server.id, address, judge(state, primary, server, now, accepted),
                                    server.info.priority, server.info.replication_offset, server.run_id});
  }
  const auto server_of = [&](const Candidate& c) -> const Server& { return primary.replicas.at(c.address).server; };
  Candidate* best = best_of(selection, primary, [](const Candidate& c) { return c.fitness == Fitness::kBehindChosen; });
  if (best != nullptr && is_better_awaited(selection, primary, *best, now)) return selection;
  if (best == nullptr && is_loading_awaited(selection, primary, now)) return selection;
  if (best == nullptr) {
    best = best_of(selection, primary, [&](const Candidate& c) {
      return c.fitness == Fitness::kForeignLineage && seems_ours(state.names, primary, server_of(c));
    });
  }
  // We began when the primary was dead already: how long its replicas have been without it tells nothing.
  if (best == nullptr && !primary.server.info_received_at) {
    best = best_of(selection, primary, [](const Candidate& c) { return c.fitness == Fitness::kLinkDownTooLong; });
  }
  if (best == nullptr) best = best_empty(selection, primary, now);
  if (best != nullptr) best->fitness = Fitness::kChosen;
  return selection;
}

Advantage advantage_of(const Primary& primary, const Candidate& chosen, const Candidate& other) {
  const Preference better = preference_of(primary, chosen);
  const Preference worse = preference_of(primary, other);
  if (!(better < worse)) return Advantage::kNone;
  if (std::get<0>(better) != std::get<0>(worse)) return Advantage::kAlreadyPromoted;
  if (std::get<1>(better) != std::get<1>(worse)) return Advantage::kPresentHistory;
  if (std::get<2>(better) != std::get<2>(worse)) return Advantage::kSynchronised;
  if (std::get<3>(better) != std::get<3>(worse)) return Advantage::kPriority;
  if (std::get<4>(better) != std::get<4>(worse)) return Advantage::kOffset;
  return std::get<5>(better) != std::get<5>(worse) ? Advantage::kKeys : Advantage::kRunId;
}

std::string_view explain(Advantage advantage) {
  switch (advantage) {
    case Advantage::kNone:
      return "was chosen before";
    case Advantage::kAlreadyPromoted:
      return "is a primary already";
    case Advantage::kPresentHistory:
      return "has the present history";
    case Advantage::kSynchronised:
      return "has synchronised since its start";
    case Advantage::kPriority:
      return "has a lower priority number";
    case Advantage::kOffset:
      return "has more data";
    case Advantage::kKeys:
      return "has more keys";
    case Advantage::kRunId:
      return "has the smaller run id, all else being equal";
  }
  return "unknown";
}

std::string describe(const Candidate& candidate) {
  const std::string facts = fmt::format("priority {}, offset {}", candidate.priority, candidate.offset);
  switch (candidate.fitness) {
    case Fitness::kChosen:
      return fmt::format("{} chosen: {}", to_string(candidate.address), facts);
    case Fitness::kBehindChosen:
      return fmt::format("{} not chosen: {}", to_string(candidate.address), facts);
    default:
      return fmt::format("{} rejected: {} ({})", to_string(candidate.address), explain(candidate.fitness), facts);
  }
}

}  // namespace vedette::core
