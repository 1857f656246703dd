#include "core/correction.h"

#include <algorithm>

#include "core/configuration.h"
#include "core/events.h"
#include "core/selection.h"
#include "core/topology.h"
#include "proto/names.h"

namespace vedette::core {
namespace {

// Without better knowledge we wait as long as the original: time enough for a hello with a newer configuration to reach
// us.
constexpr int kWaitInPublishPeriods = 4;
// A correction that was lost is repeated; INFO comes every second from one that is not in place.
constexpr Micros kRepeatAfter = 2000ms;

// What our primary has is the continuation of what this server has.
bool is_left_behind(const Server& server, const Histories& histories) {
  return !histories.before.empty() && server.info.replication_id == histories.before;
}

// That a history is another one tells nothing if our primary has only just come up itself, with a new one: then we
// wait.
bool is_well_known(const Server& primary, Instant since) {
  return primary.was_promoted || (primary.health.connected && primary.health.link_changed_at <= since);
}

// A server that claims to be a primary has either just been promoted by a leader that we have not heard of yet, or is
// an old primary. The former was a replica before, if we were there to see it, and continues the history of our
// primary, unless that was started anew since; the latter does not, and need not be waited for once a majority confirms
// our configuration.
bool is_surely_outdated(const State& state, const Primary& primary, const Server& server, Instant since) {
  const bool histories_known = lineage_of(server.info, primary.histories) != Lineage::kUnknown;
  return histories_known && !server.was_promoted && !is_promoted_from(server, primary.histories) &&
         is_configuration_current(state, primary, since);
}

// Somebody may just be promoting this very server with our vote, and his news and our order would pass each other.
bool vote_may_still_count(Turn& turn, const Primary& primary, Micros patience) {
  return primary.my_vote.epoch > primary.config_epoch && !turn.due(primary.voted_at + patience);
}

void correct(Turn& turn, const Primary& primary, Replica& replica, std::string_view event) {
  if (replica.corrected_at && !turn.due(*replica.corrected_at + kRepeatAfter)) return;
  replica.corrected_at = turn.now;
  turn.emit(Reconfigure{replica.server.id, turn.state.names.shown(primary.server.address)});
  announce(turn, event, primary, replica);
  turn.acted();
}

void correct_if_wrong(Turn& turn, Primary& primary, Replica& replica) {
  if (is_in_place(turn.state.names, primary, replica)) {
    replica.corrected_at.reset();
    return;
  }
  const Server& server = replica.server;
  const bool is_primary = server.role_reported == proto::Role::kPrimary;
  const Instant wrong_since =
      std::max(is_primary ? server.role_reported_at : replica.followed_changed_at, primary.configuration_changed_at);
  const Micros patience = kWaitInPublishPeriods * turn.state.timing.publish_period;
  if (vote_may_still_count(turn, primary, patience)) return;
  const bool comparable =
      is_left_behind(server, primary.histories) || is_well_known(primary.server, turn.now - patience);
  const bool outdated = is_primary && comparable &&
                        is_surely_outdated(turn.state, primary, server, std::max(wrong_since, turn.now - patience));
  const Instant patient_until = std::max(wrong_since, server.health.link_changed_at) + patience;
  if (outdated || turn.due(patient_until)) {
    correct(turn, primary, replica, is_primary ? proto::event::kConvertToReplica : proto::event::kFixReplicaConfig);
  }
}

}  // namespace

bool looks_sane(const Turn& turn, const Primary& primary) {
  const Server& server = primary.server;
  return !server.subjectively_down() && !primary.objectively_down_since && server.health.connected &&
         server.role_reported == proto::Role::kPrimary && server.info_received_at &&
         turn.now - *server.info_received_at <= 2 * turn.state.timing.info_period;
}

bool is_in_place(const Names& names, const Primary& primary, const Replica& replica) {
  const Server& server = replica.server;
  return server.role_reported == proto::Role::kReplica &&
         (!server.info.primary || names.same(*server.info.primary, primary.server.address));
}

void correct_replicas(Turn& turn, Primary& primary) {
  if (primary.failover || !looks_sane(turn, primary) || !is_published(primary)) return;
  for (auto& [address, replica] : primary.replicas) {
    const Server& server = replica.server;
    // What it reported before its link was last made may be from before a restart.
    const bool heard = server.info_received_at && *server.info_received_at >= server.health.link_changed_at;
    if (may_be_one(turn.state.names, server, primary.server)) continue;
    if (server.health.connected && !server.subjectively_down() && heard) correct_if_wrong(turn, primary, replica);
  }
}

}  // namespace vedette::core
