#include "core/probing.h"

#include <algorithm>

#include "base/beat.h"
#include "core/correction.h"
#include "core/detection.h"
#include "core/outsiders.h"

namespace vedette::core {
namespace {

// What is sent here makes no other rule due before it is sent again, so that the rules need not be run once more for it
// (`Turn::acted`): a sentinel does hardly anything else.
//
// A link is given at least this long before its silence is held against it: a new one takes a few round trips to be of
// use.
constexpr Micros kMinSilence = 100ms;

// What is sent again and again is due on beats: sent to many at once, its answers come together too. It is always a
// little early, never late.
constexpr Micros kBeat = 50ms;
constexpr Micros kShortestPeriodOnBeat = 20 * kBeat;

Instant next_time(Instant last, Micros period) {
  const Instant at = last + period;
  return period < kShortestPeriodOnBeat ? at : last_beat(at, kBeat);
}

void relink(Turn& turn, InstanceId instance, const Address& address, Health& health) {
  note_link_down(turn, health, LinkFault::kSilent);
  turn.emit(Relink{instance, address, LinkFault::kSilent});
  turn.acted();
}

bool may_replace(Turn& turn) {
  auto& replaced = turn.state.replaced;
  if (replaced.size() < kReplacedAtOnce) return true;
  std::erase_if(replaced, [&](const auto& entry) { return turn.now - entry.second >= kReplacementPatience; });
  return replaced.size() < kReplacedAtOnce;
}

// A link that gives no answer for half of down-after is replaced: it may be the link that is dead, not the instance.
// The evidence of silence is kept.
bool replace_if_silent(Turn& turn, InstanceId unit, InstanceId instance, const Address& address, Health& health,
                       Micros down_after) {
  if (!health.oldest_unanswered_ping) return false;
  const Instant silent_from = std::max({*health.oldest_unanswered_ping, health.last_reply, health.link_changed_at});
  if (!turn.due(silent_from + std::max(down_after / 2, kMinSilence))) return false;
  if (!may_replace(turn)) {
    turn.state.with_silent_links.insert(unit);
    turn.due(turn.now + kReplacementPatience);
    return false;
  }
  turn.state.replaced[instance] = turn.now;
  relink(turn, instance, address, health);
  return true;
}

void ping(Turn& turn, InstanceId instance, Health& health, Micros period) {
  if (health.last_ping_sent && !turn.due(next_time(*health.last_ping_sent, period))) return;
  health.last_ping_sent = turn.now;
  if (!health.oldest_unanswered_ping) health.oldest_unanswered_ping = turn.now;
  turn.emit(SendPing{instance});
  turn.due(next_time(turn.now, period));
}

// How often the replica's INFO is wanted, by what waits for it.
Micros replica_info_period(const State& state, const Primary& primary, const Replica& replica) {
  const Timing& timing = state.timing;
  if (primary.failover) {
    const auto* waiting = std::get_if<WaitPromotion>(&primary.failover->state);
    if (waiting != nullptr && waiting->chosen == replica.server.id) return timing.promotion_poll_period;
    const bool reconfiguring = replica.reconf == ReconfState::kSent || replica.reconf == ReconfState::kInProgress;
    if (reconfiguring) return timing.reconf_poll_period;
  }
  const bool cut_off = replica.server.role_reported == proto::Role::kReplica && !replica.server.info.primary_link_up;
  const bool urgent =
      primary.server.subjectively_down() || primary.failover || cut_off || !is_in_place(state.names, primary, replica);
  return urgent ? timing.urgent_info_period : timing.info_period;
}

// Halfway to the verdict on a silent primary its replicas are asked what they hear from it: at once, then every second.
Micros witness_info_period(Turn& turn, const Primary& primary, const Server& replica, Micros period) {
  const auto wanted_from = witnesses_wanted_from(primary);
  if (!wanted_from || !turn.due(*wanted_from)) return period;
  const bool asked = replica.info_sent_at && *replica.info_sent_at >= *silent_since(primary.server.health);
  return asked ? std::min(period, turn.state.timing.urgent_info_period) : Micros{0};
}

void ask_info(Turn& turn, Server& server, Micros period) {
  if (server.info_pending) return;  // its answer comes first; a link that gives none is replaced
  if (server.info_sent_at && !turn.due(next_time(*server.info_sent_at, period))) return;
  server.info_sent_at = turn.now;
  server.info_pending = true;
  turn.emit(SendInfo{server.id});
}

void probe(Turn& turn, const Primary& primary, Server& server, Micros info_period) {
  if (!server.health.connected) return;
  const Micros down_after = primary.settings.down_after;
  if (replace_if_silent(turn, primary.unit, server.id, server.address, server.health, down_after)) return;
  ping(turn, server.id, server.health, ping_period(turn.state.timing, down_after));
  ask_info(turn, server, info_period);
}

void forget_refusals(Health& health) {
  health.refused_since.reset();
  health.refusals = 0;
}

void send_hello(Turn& turn, const Primary& primary, InstanceId instance, const Health& health,
                std::optional<Instant>& sent_at) {
  if (!health.connected || !turn.durability.is_durable(turn.state.my_id_revision)) return;
  const Micros period = turn.state.timing.publish_period;
  if (sent_at && !turn.due(next_time(*sent_at, period))) return;
  sent_at = turn.now;
  const Configuration shown{turn.state.names.shown(primary.published.address), primary.published.epoch};
  turn.emit(SendHello{instance, primary.name, turn.state.current_epoch, shown});
  turn.due(next_time(turn.now, period));
}

}  // namespace

void probe_servers(Turn& turn, Primary& primary) {
  turn.state.with_silent_links.erase(primary.unit);  // it is looked at now
  const Timing& timing = turn.state.timing;
  probe(turn, primary, primary.server, timing.info_period);
  for (auto& [address, replica] : primary.replicas) {
    const Micros period = replica_info_period(turn.state, primary, replica);
    probe(turn, primary, replica.server, witness_info_period(turn, primary, replica.server, period));
  }
  for (auto& [address, outsider] : primary.outsiders) probe(turn, primary, outsider.server, timing.info_period);
}

void probe_peer(Turn& turn, Peer& peer) {
  turn.state.with_silent_links.erase(peer.id);
  if (!peer.health.connected) return;
  if (replace_if_silent(turn, peer.id, peer.id, peer.address, peer.health, peer.shortest_down_after())) return;
  ping(turn, peer.id, peer.health, ping_period(turn.state.timing, peer.shortest_down_after()));
}

void send_hellos(Turn& turn, Primary& primary) {
  const auto send_to = [&](Server& server) {
    if (!server.health.connected || !may_hear_of_us(turn, primary, server)) return;
    send_hello(turn, primary, server.id, server.health, server.hello_sent_at);
  };
  send_to(primary.server);
  for (auto& [address, replica] : primary.replicas) send_to(replica.server);
  for (auto& [id, sentinel] : primary.sentinels) {
    const Peer& peer = turn.state.peers.at(sentinel.peer);
    send_hello(turn, primary, peer.id, peer.health, sentinel.hello_sent_at);
  }
}

void note_link_up(Turn& turn, Health& health) {
  forget_refusals(health);
  health.connected = true;
  health.reached = true;
  health.fault = LinkFault::kNone;
  health.link_changed_at = turn.now;
  health.last_ping_sent.reset();  // PING at once
}

void note_link_down(Turn& turn, Health& health, LinkFault fault) {
  if (health.connected) health.link_changed_at = turn.now;
  health.connected = false;
  health.fault = fault;
  if (fault == LinkFault::kRefused || fault == LinkFault::kReset) {
    if (health.refusals++ == 0) health.refused_since = turn.now;
  } else {
    forget_refusals(health);
  }
  if (!health.oldest_unanswered_ping) health.oldest_unanswered_ping = health.last_valid_reply;
}

void note_ping_reply(Turn& turn, Health& health, proto::PingReply reply) {
  health.last_reply = turn.now;
  health.last_verdict = reply;
  if (!proto::is_sign_of_life(reply)) return;
  health.last_valid_reply = turn.now;
  health.oldest_unanswered_ping.reset();
}

void note_replaced(Turn& turn, InstanceId instance) {
  State& state = turn.state;
  if (state.replaced.empty() || state.replaced.erase(instance) == 0 || state.with_silent_links.empty()) return;
  turn.touch(state.with_silent_links.extract(state.with_silent_links.begin()).value());
}

void refresh_server(Server& server) {
  server.info_pending = false;
  server.info_sent_at.reset();
  server.hello_sent_at.reset();
}

}  // namespace vedette::core
