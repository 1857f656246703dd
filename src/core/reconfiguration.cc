#include "core/reconfiguration.h"

#include "core/belonging.h"
#include "core/events.h"
#include "core/outsiders.h"
#include "core/topology.h"
#include "proto/names.h"

namespace vedette::core {
namespace {

// By whatever address.
bool is_promoted(const Turn& turn, const Replica& replica, const Server& promoted) {
  return may_be_one(turn.state.names, replica.server, promoted);
}

bool follows(const Names& names, const Replica& replica, const Address& address, Instant since) {
  const Server& server = replica.server;
  return server.info_received_at && *server.info_received_at >= since &&
         server.role_reported == proto::Role::kReplica && server.info.primary &&
         names.same(*server.info.primary, address);
}

void move_to(Turn& turn, const Primary& primary, Replica& replica, ReconfState state, std::string_view event) {
  replica.reconf = state;
  announce(turn, event, primary, replica);
  turn.acted();
}

void follow_progress(Turn& turn, const Primary& primary, Replica& replica) {
  const bool following = follows(turn.state.names, replica, current_address(primary), replica.reconf_sent_at);
  if (replica.reconf == ReconfState::kSent && following) {
    move_to(turn, primary, replica, ReconfState::kInProgress, proto::event::kReconfInProgress);
  }
  if (replica.reconf == ReconfState::kInProgress && following && replica.server.info.primary_link_up) {
    move_to(turn, primary, replica, ReconfState::kDone, proto::event::kReconfDone);
  }
  // One that does not move is not waited for: it will be found to follow the wrong primary, and corrected, later.
  if (replica.reconf == ReconfState::kSent &&
      turn.due(replica.reconf_sent_at + turn.state.timing.replica_reconf_timeout)) {
    move_to(turn, primary, replica, ReconfState::kDone, proto::event::kReconfSentTimeout);
  }
}

void send_reconfiguration(Turn& turn, const Primary& primary, Replica& replica, std::string_view event) {
  turn.emit(Reconfigure{replica.server.id, turn.state.names.shown(current_address(primary))});
  replica.reconf_sent_at = turn.now;
  move_to(turn, primary, replica, ReconfState::kSent, event);
}

// It is left to the correction of servers that are out of place, which looks at it for longer.
bool is_doubtful(const Turn& turn, const Primary& primary, const Server& server) {
  const Belonging belonging = belonging_of(turn.state, primary, server, turn.now);
  return belonging.owner == Owner::kAmbiguous || belonging.evidence == Evidence::kLikeBefore ||
         (is_heard(server) && !takes_orders(turn.state, primary, server, turn.now));
}

bool is_gone(const Turn& turn, const Primary& primary, const ReconfigureReplicas& failover, const Server& successor) {
  return successor.subjectively_down() || (is_heard(successor) && !may_be_followed(turn, primary, failover, successor));
}

}  // namespace

bool may_be_followed(const Turn& turn, const Primary& primary, const ReconfigureReplicas& failover,
                     const Server& promoted) {
  return is_heard(promoted) && (promoted.run_id == failover.promoted_run_id ||
                                is_same_data(belonging_of(turn.state, primary, promoted, turn.now).evidence));
}

Progress reconfigure_replicas(Turn& turn, Primary& primary, const ReconfigureReplicas& failover) {
  const Replica* successor = find_replica(primary, failover.promoted);
  if (successor == nullptr || is_gone(turn, primary, failover, successor->server)) return Progress::kDone;

  unsigned in_flight = 0;
  for (auto& [address, replica] : primary.replicas) {
    if (is_promoted(turn, replica, successor->server)) continue;
    follow_progress(turn, primary, replica);
    const bool under_way = replica.reconf == ReconfState::kSent || replica.reconf == ReconfState::kInProgress;
    if (under_way && !replica.server.subjectively_down()) ++in_flight;
  }
  const bool has_leader = may_be_followed(turn, primary, failover, successor->server);
  bool all_done = true;
  for (auto& [address, replica] : primary.replicas) {
    if (is_promoted(turn, replica, successor->server) || replica.reconf == ReconfState::kDone) continue;
    if (replica.server.subjectively_down() || is_doubtful(turn, primary, replica.server)) continue;
    all_done = false;
    const bool may_start = has_leader && replica.reconf == ReconfState::kNone && is_heard(replica.server) &&
                           in_flight < primary.settings.parallel_syncs;
    if (!may_start) continue;
    send_reconfiguration(turn, primary, replica, proto::event::kReconfSent);
    ++in_flight;
  }
  return all_done ? Progress::kDone : Progress::kUnderWay;
}

void reconfigure_the_rest(Turn& turn, Primary& primary, const ReconfigureReplicas& failover) {
  const Replica* successor = find_replica(primary, failover.promoted);
  if (successor == nullptr || !may_be_followed(turn, primary, failover, successor->server)) return;
  for (auto& [address, replica] : primary.replicas) {
    const bool left = !is_promoted(turn, replica, successor->server) && replica.reconf == ReconfState::kNone;
    if (left && is_heard(replica.server) && !is_doubtful(turn, primary, replica.server)) {
      send_reconfiguration(turn, primary, replica, proto::event::kReconfSentBestEffort);
    }
  }
}

}  // namespace vedette::core
