#include "core/correction.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/belonging.h"
#include "core/configuration.h"
#include "core/events.h"
#include "core/outsiders.h"
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

// If somebody else undoes each correction, to make ever more of them only copies all data to and fro.
constexpr unsigned kFreeCorrections = 2;
constexpr Micros kLongestPause = 1h;
constexpr int kLongestDoublings = 12;

// In which the sentinels of a server that only looks like ours would be heard on it: they say hello in every period.
constexpr Micros kHearingMargin = 500ms;

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

Micros pause_after(unsigned corrections, Micros patience) {
  if (corrections < kFreeCorrections) return Micros{0};
  const auto doublings = std::min<unsigned>(corrections - kFreeCorrections + 1, kLongestDoublings);
  return std::min(patience * (1U << doublings), kLongestPause);
}

// Those before a change of our own configuration were for another one.
void forget_old_corrections(Turn& turn, const Primary& primary, Replica& replica, Micros patience) {
  if (replica.corrections == 0) return;
  const Micros pause = pause_after(replica.corrections, patience);
  const bool is_over = is_in_place(turn.state.names, primary, replica) &&
                       turn.now - replica.last_corrected_at > 2 * std::max(pause, 2 * patience);
  if (is_over || primary.configuration_changed_at > replica.last_corrected_at) replica.corrections = 0;
}

void correct(Turn& turn, const Primary& primary, Replica& replica, std::string_view event, Micros patience) {
  if (replica.corrected_at && !turn.due(*replica.corrected_at + kRepeatAfter)) return;
  if (!replica.corrected_at) {
    const Micros pause = pause_after(replica.corrections, patience);
    if (pause > Micros{0} && !turn.due(replica.last_corrected_at + pause)) return;
    ++replica.corrections;
    replica.last_corrected_at = turn.now;
  }
  replica.corrected_at = turn.now;
  turn.emit(Reconfigure{replica.server.id, turn.state.names.shown(primary.server.address)});
  announce(turn, event, primary, replica);
  turn.acted();
}

// A server that comes back with another history than the group's may be anybody's. One whose data looks like what we
// knew is ours unless other sentinels are heard on it.
bool is_recognised(Turn& turn, const Server& server, const Belonging& belonging) {
  if (belonging.owner != Owner::kOurs) return false;
  return belonging.evidence != Evidence::kLikeBefore ||
         turn.due(server.health.link_changed_at + turn.state.timing.publish_period + kHearingMargin);
}

void tell_doubt(Turn& turn, const Primary& primary, Replica& replica, const Belonging& belonging, Instant until) {
  if (belonging.owner != Owner::kAmbiguous || replica.doubted == replica.server.run_id) return;
  replica.doubted = replica.server.run_id;
  announce(turn, proto::event::kForeignReplica, primary, replica,
           fmt::format("#ambiguous: it {}; it is made a replica in {} ms, unless it shows to be of another group",
                       describe(belonging, turn.state.names), to_millis(std::max(until - turn.now, Micros{0}))));
}

void correct_if_wrong(Turn& turn, Primary& primary, Replica& replica) {
  const Micros patience = kWaitInPublishPeriods * turn.state.timing.publish_period;
  forget_old_corrections(turn, primary, replica, patience);
  if (is_in_place(turn.state.names, primary, replica)) {
    replica.corrected_at.reset();
    return;
  }
  const Server& server = replica.server;
  const bool is_primary = server.role_reported == proto::Role::kPrimary;
  const Instant wrong_since =
      std::max(is_primary ? server.role_reported_at : replica.followed_changed_at, primary.configuration_changed_at);
  if (vote_may_still_count(turn, primary, patience)) return;
  const bool comparable =
      is_left_behind(server, primary.histories) || is_well_known(primary.server, turn.now - patience);
  const Belonging belonging = belonging_of(turn.state, primary, server, turn.now);
  const bool outdated = is_primary && comparable && is_recognised(turn, server, belonging) &&
                        is_surely_outdated(turn.state, primary, server, std::max(wrong_since, turn.now - patience));
  const Instant patient_until = std::max(wrong_since, server.health.link_changed_at) + patience;
  tell_doubt(turn, primary, replica, belonging, patient_until);
  if (outdated || turn.due(patient_until)) {
    correct(turn, primary, replica, is_primary ? proto::event::kConvertToReplica : proto::event::kFixReplicaConfig,
            patience);
  }
}

}  // namespace

bool looks_sane(const Turn& turn, const Primary& primary) {
  const Server& server = primary.server;
  return !server.subjectively_down() && !primary.objectively_down_since && is_heard(server) &&
         leads_group(turn.state.names, primary, server) &&
         turn.now - *server.info_received_at <= 2 * turn.state.timing.info_period;
}

bool is_in_place(const Names& names, const Primary& primary, const Replica& replica) {
  const Server& server = replica.server;
  return server.role_reported == proto::Role::kReplica &&
         (!server.info.primary || names.same(*server.info.primary, primary.server.address));
}

void correct_replicas(Turn& turn, Primary& primary) {
  if (primary.failover || !looks_sane(turn, primary) || !is_published(primary)) return;
  // Nobody is to follow a server that may be somebody else's.
  if (belonging_of(turn.state, primary, primary.server, turn.now).evidence == Evidence::kWanted) return;
  for (auto& [address, replica] : primary.replicas) {
    const Server& server = replica.server;
    if (may_be_one(turn.state.names, server, primary.server)) continue;
    // What it reported before its link was last made may be from before a restart.
    if (!server.subjectively_down() && takes_orders(turn.state, primary, server, turn.now)) {
      correct_if_wrong(turn, primary, replica);
    }
  }
}

}  // namespace vedette::core
