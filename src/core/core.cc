#include "core/core.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/memory.h"
#include "base/schedule.h"
#include "core/acquaintance.h"
#include "core/configuration.h"
#include "core/confirmation.h"
#include "core/correction.h"
#include "core/detection.h"
#include "core/election.h"
#include "core/events.h"
#include "core/explain.h"
#include "core/failover.h"
#include "core/hearsay.h"
#include "core/judging.h"
#include "core/naming.h"
#include "core/orders.h"
#include "core/outsiders.h"
#include "core/probing.h"
#include "core/reports.h"
#include "core/topology.h"
#include "core/voting.h"
#include "proto/names.h"

namespace vedette::core {
namespace {

// Each pass does something that is not done again, so that a unit comes to rest after a few; this many mean that a rule
// contradicts another.
constexpr int kMaxPasses = 10000;

void run_rules(Turn& turn, Primary& primary) {
  publish_when_durable(turn, primary);
  probe_servers(turn, primary);
  send_hellos(turn, primary);
  if (turn.state.tilt) return;  // collect, do not act
  settle_outsiders(turn, primary);
  settle_hearsay(turn, primary);
  judge_down_states(turn, primary);
  ask_peers(turn, primary);
  stand_when_due(turn, primary);
  advance_failover(turn, primary);
  correct_replicas(turn, primary);
  merge_doubles(turn, primary);
  settle_contradictions(turn, primary);
}

bool is_well(const Primary& primary) {
  return !primary.server.subjectively_down() && !primary.objectively_down_since && !primary.held_back &&
         !primary.failover;
}

bool is_well(const Server& server) {
  return !server.subjectively_down() && !server.rebooted_at && !server.script_kill_sent &&
         server.health.last_verdict == proto::PingReply::kPong;
}

void kill_script_if_stuck(Turn& turn, Server& server) {
  const bool stuck = server.health.last_verdict == proto::PingReply::kBusy && server.subjectively_down();
  if (!server.health.oldest_unanswered_ping) server.script_kill_sent = false;
  if (!stuck || server.script_kill_sent) return;
  server.script_kill_sent = true;
  turn.emit(KillScript{server.id});
}

}  // namespace

class Core::Impl {
 public:
  Impl(const Knowledge& knowledge, Rng& rng, Instant now) : rng_(rng) {
    Turn turn = begin(now);
    state_.my_id = knowledge.my_id;
    state_.current_epoch = knowledge.current_epoch;
    state_.names.naming = knowledge.naming;
    for (const KnownPrimary& known : knowledge.primaries) learn(turn, known);
    // What was read needs no saving, whatever the steps above have noted.
    durability_ = Durability{};
    if (knowledge.must_be_saved) {
      state_.my_id_revision = durability_.everything_changed();
      for (const auto& [name, primary] : state_.primaries) durability_.changed_and_waits(primary);
    }
    finish(turn);
  }

  void step(Instant now, const Input& input) {
    VEDETTE_CHECK(now >= last_step_, "time does not go back");
    Turn turn = begin(now);
    watch_own_pace(turn);
    std::visit([&](const auto& fact) { take(turn, fact); }, input);
    finish(turn);
  }

  Output take_output(Output used) {
    used.persist.reset();
    clear_and_keep_little(used.effects);
    return std::exchange(output_, std::move(used));
  }

  std::optional<Instant> next_deadline() const {
    std::optional<Instant> earliest = schedule_.earliest();
    const auto consider = [&](std::optional<Instant> at) {
      if (at) earliest = std::min(earliest.value_or(*at), *at);
    };
    consider(durability_.next_deadline());
    if (state_.tilt) consider(state_.tilt->since + state_.timing.tilt_period);
    return earliest;
  }

  const State& state() const { return state_; }

  const Address* address_of(std::string_view name) const {
    const Primary* primary = directory_.named(name);
    return primary == nullptr ? nullptr : &current_address(*primary);
  }

  Explanation explain(const Primary& primary, Instant now) const {
    return core::explain(state_, durability_, primary, now);
  }

 private:
  Turn begin(Instant now) {
    last_step_ = now;
    return Turn(now, state_, directory_, durability_, rng_, output_.effects);
  }

  void learn(Turn& turn, const KnownPrimary& known) {
    Primary& primary = add_primary(turn, known.name, known.address, known.settings);
    state_.current_epoch = std::max({state_.current_epoch, known.config_epoch, known.leader_epoch});
    primary.config_epoch = known.config_epoch;
    primary.my_vote.epoch = known.leader_epoch;  // whom it was for is not kept; that it was given is what counts
    primary.voted_at = turn.now;
    primary.published = current_configuration(primary);
    primary.histories = known.histories;
    primary.upstream = known.upstream;
    for (const Address& address : known.replicas) {
      if (address == known.address || primary.replicas.contains(address)) continue;
      Replica* replica = add_replica(turn, primary, address);
      if (replica != nullptr) replica->server.last_known = LastKnown{};  // a replica of ours, whatever data it had
    }
    for (const auto& [address, last_known] : known.last_known) recognise(primary, address, last_known);
    for (const auto& [address, process] : known.strangers) remember_stranger(turn, primary, address, process);
    for (const auto& [id, address] : known.sentinels) {
      if (id != state_.my_id && !primary.sentinels.contains(id)) add_sentinel(turn, primary, id, address);
    }
    announce(turn, proto::event::kMonitor, primary, fmt::format("quorum {}", known.settings.quorum));
  }

  static void recognise(Primary& primary, const Address& address, const LastKnown& last_known) {
    const auto replica = primary.replicas.find(address);
    if (address == primary.server.address) primary.server.last_known = last_known;
    if (replica != primary.replicas.end()) replica->second.server.last_known = last_known;
  }

  // --- TILT ---------------------------------------------------------------------------------------------------------

  // We ask to be woken at a deadline. To be woken much later means that our process stood still, and with it what we
  // believe about others. A step of the wall clock shows nowhere here.
  void watch_own_pace(Turn& turn) {
    const auto expected = next_deadline();
    if (!expected) return;
    const Micros stall = turn.now - *expected;
    state_.pace.note_turn(turn.now, stall);
    if (stall <= state_.timing.tilt_trigger) return;
    const bool entering = !state_.tilt;
    state_.tilt = Tilt{turn.now, stall};
    log(turn, Level::kWarning, fmt::format("This process stood still for {} ms", to_millis(stall)));
    if (entering) announce_own(turn, proto::event::kTilt, "#tilt mode entered");
  }

  void leave_tilt_when_over(Turn& turn) {
    if (!state_.tilt || turn.now < state_.tilt->since + state_.timing.tilt_period) return;
    state_.tilt.reset();
    announce_own(turn, proto::event::kTiltOver, "#tilt mode exited");
    for (const auto& [name, primary] : state_.primaries) turn.touch(primary.unit);
  }

  // --- Inputs -------------------------------------------------------------------------------------------------------

  void take(Turn& turn, const LinkUp& fact) {
    with_instance(
        turn, fact.instance,
        [&](Primary&, Server& server) {
          note_link_up(turn, server.health);
          refresh_server(server);
        },
        [&](Peer& peer) {
          note_link_up(turn, peer.health);
          turn.emit(SendInfo{peer.id});  // it may be another process than before
          for (Primary* primary : primaries_of_peer(state_, peer)) {
            primary->sentinels.at(peer.run_id).hello_sent_at.reset();
            turn.touch(primary->unit);
          }
        });
  }

  void take(Turn& turn, const LinkDown& fact) {
    note_replaced(turn, fact.instance);
    with_instance(
        turn, fact.instance,
        [&](Primary&, Server& server) {
          note_link_down(turn, server.health, fact.fault);
          server.info_pending = false;
        },
        [&](Peer& peer) { note_link_down(turn, peer.health, fact.fault); });
  }

  // An answer of somebody who is well only puts off what would be done without it. The rules are not run for each,
  // since hardly anything else happens.
  void take(Turn& turn, const PingReplied& fact) {
    note_replaced(turn, fact.instance);
    at_instance(
        fact.instance,
        [&](Primary& primary, Server& server) {
          const bool as_ever = is_well(primary) && is_well(server) && fact.reply == proto::PingReply::kPong;
          note_ping_reply(turn, server.health, fact.reply);
          if (as_ever) return;
          if (fact.reply == proto::PingReply::kPong) server.rebooted_at.reset();
          kill_script_if_stuck(turn, server);
          turn.touch(primary.unit);
        },
        [&](Peer& peer) {
          const bool seen_down = judge_silence(peer.health, peer.shortest_down_after(), OwnPace{}).is_down(turn.now);
          note_ping_reply(turn, peer.health, fact.reply);
          if (!seen_down) return;
          turn.touch(peer.id);
          touch_primaries_of(turn, peer);
        });
  }

  void take(Turn& turn, const InfoReplied& fact) {
    with_instance(
        turn, fact.instance, [&](Primary& primary, Server& server) { take_info(turn, primary, server, fact.text); },
        [&](Peer& peer) { peer.is_vedette = !proto::parse_info(fact.text).vedette_version.empty(); });
  }

  void take(Turn& turn, const InfoRefused& fact) {
    with_server(turn, fact.instance, [](Primary&, Server& server) { server.info_pending = false; });
  }

  void take(Turn& turn, const ReconfigureReplied& fact) {
    with_server(turn, fact.instance, [&](Primary& primary, Server& server) {
      server.info_pending = false;  // see what came of it, at once
      server.info_sent_at.reset();
      if (fact.accepted) return;
      log(turn, Level::kWarning,
          fmt::format("{} of {} refused a change of its role", to_string(server.address), primary.name));
    });
  }

  void take(Turn& turn, const HelloReceived& fact) { take_hello(turn, fact); }
  void take(Turn& turn, const PeerAsked& fact) { answer_peer(turn, fact); }
  void take(Turn& turn, const NameResolved& fact) { take_name(turn, fact); }
  void take(Turn& turn, const SetNaming& order) { set_naming(turn, order); }

  void take(Turn& turn, const PeerAnswered& fact) {
    const auto peer = state_.peers.find(fact.peer);
    Primary* primary = directory_.named(fact.primary);
    if (peer == state_.peers.end() || primary == nullptr) return;
    const auto sentinel = primary->sentinels.find(peer->second.run_id);
    if (sentinel != primary->sentinels.end()) take_answer(turn, *primary, sentinel->second, fact);
  }

  void take(Turn&, const TimerFired&) {}

  void take(Turn& turn, const SaveFinished& fact) {
    durability_.finish_save(output_.effects, fact.revision, fact.result.ok(), turn.now, state_.timing);
    if (!fact.result.ok()) {
      log(turn, Level::kWarning,
          fmt::format("Can't save the state: {}. No vote is given until it can be saved; trying again in {} ms",
                      fact.result.error().message, to_millis(state_.timing.save_retry_period)));
    }
    for (const InstanceId unit : durability_.take_served()) turn.touch(unit);
  }

  template <typename Order>
  requires requires(Turn& turn, const Order& order) { carry_out(turn, order); }
  void take(Turn& turn, const Order& order) { carry_out(turn, order); }

  void take(Turn& turn, const SetTiming& fact) {
    state_.timing = fact.timing;
    for (const auto& [name, primary] : state_.primaries) turn.touch(primary.unit);
    for (const auto& [id, peer] : state_.peers) turn.touch(id);
  }

  void take(Turn&, const SimulateFailure& fact) {
    state_.crash_after_election = fact.after_election;
    state_.crash_after_promotion = fact.after_promotion;
  }

  void touch_primaries_of(Turn& turn, const Peer& peer) {
    for (const Primary* primary : primaries_of_peer(state_, peer)) turn.touch(primary->unit);
  }

  // Calls one of the two for what is behind the link. A link that is not known any more is ignored: its last words may
  // arrive late.
  template <typename OnServer, typename OnPeer>
  void at_instance(InstanceId instance, OnServer on_server, OnPeer on_peer) {
    const auto peer = state_.peers.find(instance);
    if (peer != state_.peers.end()) return on_peer(peer->second);
    Primary* primary = directory_.owner_of(instance);
    Server* server = primary == nullptr ? nullptr : find_server(*primary, instance);
    if (server != nullptr) on_server(*primary, *server);
  }

  // The same, and has its rules run.
  template <typename OnServer, typename OnPeer>
  void with_instance(Turn& turn, InstanceId instance, OnServer on_server, OnPeer on_peer) {
    at_instance(
        instance,
        [&](Primary& primary, Server& server) {
          on_server(primary, server);
          turn.touch(primary.unit);
        },
        [&](Peer& peer) {
          on_peer(peer);
          turn.touch(peer.id);
        });
  }

  // The same for facts that only servers give rise to.
  template <typename OnServer>
  void with_server(Turn& turn, InstanceId instance, OnServer on_server) {
    with_instance(turn, instance, on_server, [](Peer&) {});
  }

  // --- Running the rules --------------------------------------------------------------------------------------------

  void finish(Turn& turn) {
    leave_tilt_when_over(turn);
    while (turn.touched().size() < kUnitsInATurn) {
      const auto unit = schedule_.take_due(turn.now);
      if (!unit) break;
      turn.touch(*unit);
    }
    for (std::size_t ran = 0; !turn.touched().empty(); ++ran) {
      const InstanceId unit = *turn.touched().begin();
      turn.touched().erase(turn.touched().begin());
      if (ran < kUnitsInATurn) {
        bring_to_rest(turn, unit);
      } else {
        schedule_.set(unit, turn.now);
      }
    }
    durability_.expire(output_.effects, turn.now);
    if (durability_.wants_save(turn.now)) output_.persist = durability_.begin_save();
  }

  void bring_to_rest(Turn& turn, InstanceId unit) {
    const auto peer = state_.peers.find(unit);
    Primary* primary = peer == state_.peers.end() ? directory_.owner_of(unit) : nullptr;
    std::optional<Instant> deadline;
    if (peer != state_.peers.end()) {
      deadline = until_rest(turn, [&] { probe_peer(turn, peer->second); });
    } else if (primary != nullptr) {
      deadline = until_rest(turn, [&] { run_rules(turn, *primary); });
    }
    schedule_.set(unit, deadline);
  }

  template <typename Rules>
  std::optional<Instant> until_rest(Turn& turn, Rules rules) {
    for (int pass = 0; pass < kMaxPasses; ++pass) {
      turn.begin_pass();
      rules();
      if (!turn.has_acted()) return turn.deadline();
    }
    VEDETTE_CHECK(false, "the rules of a unit come to rest");
  }

  State state_;
  Directory directory_;
  Durability durability_;
  Schedule<InstanceId> schedule_;
  Rng& rng_;
  Instant last_step_{};
  Output output_;
};

Core::Core(const Knowledge& knowledge, Rng& rng, Instant now) : impl_(std::make_unique<Impl>(knowledge, rng, now)) {}
Core::~Core() = default;

void Core::step(Instant now, const Input& input) { impl_->step(now, input); }
Output Core::take_output(Output used) { return impl_->take_output(std::move(used)); }
std::optional<Instant> Core::next_deadline() const { return impl_->next_deadline(); }
const State& Core::state() const { return impl_->state(); }

Explanation Core::explain(const Primary& primary, Instant now) const { return impl_->explain(primary, now); }

const Address* Core::address_of(std::string_view name) const { return impl_->address_of(name); }

}  // namespace vedette::core
