#include <fmt/format.h>

#include <algorithm>

#include "core/election.h"
#include "core/failover.h"
#include "node/explanation.h"
#include "proto/ping_reply.h"

namespace vedette::node {
namespace {

using core::Situation;

constexpr Micros kShownInMillis = 10s;

// "640 ms", "118 s".
std::string duration(Micros length) {
  length = std::max(length, Micros{0});
  if (length < kShownInMillis) return fmt::format("{} ms", to_millis(length));
  return fmt::format("{} s", std::chrono::duration_cast<Seconds>(length).count());
}

// What the sentences below are made from.
struct Case {
  const core::State& state;
  const core::Primary& primary;
  const core::Explanation& facts;
  Instant now;

  std::string shown(const Address& address) const { return to_string(state.names.shown(address)); }
  std::string it() const { return shown(primary.server.address); }
  std::string left() const { return duration(facts.wait && facts.wait->until ? *facts.wait->until - now : Micros{0}); }
};

std::string silence(const Case& c) {
  const core::Health& health = c.primary.server.health;
  const std::string_view cause =
      health.connected ? proto::to_string(health.last_verdict) : core::to_string(health.fault);
  return fmt::format("{} has given no valid reply for {} ({}: {})", c.it(),
                     duration(c.now - c.facts.silent_since.value_or(c.now)), health.connected ? "last reply" : "link",
                     cause);
}

// What is wrong with the primary.
std::string complaint(const Case& c) {
  switch (c.facts.verdict.reason) {
    case core::DownReason::kSilent:
      return silence(c);
    case core::DownReason::kRefused: {
      const core::Health& health = c.primary.server.health;
      return fmt::format("{} has refused {} connections in a row, for {}", c.it(), health.refusals,
                         duration(c.now - *health.refused_since));
    }
    case core::DownReason::kReportsReplica:
      return fmt::format("{} says that it is a replica", c.it());
    case core::DownReason::kRebooted:
      return fmt::format("{} has restarted and does not serve yet", c.it());
    case core::DownReason::kUsurped:
      return fmt::format("a server of somebody else is at {}", c.it());
  }
  return {};
}

// Servers and sentinels of other groups that have come near.
std::string strangers(const Case& c) {
  std::string text;
  for (const auto& [address, outsider] : c.primary.outsiders) {
    if (!outsider.at_replica || !outsider.foreign.known()) continue;
    text += fmt::format(" At {}, where a replica was, is a foreign server: it {}. It gets no order.", c.shown(address),
                        outsider.reason);
  }
  for (const auto& [id, hearsay] : c.primary.hearsay) {
    if (!hearsay.is_foreign) continue;
    text += fmt::format(" The sentinel {} is foreign: it names {}. It has no vote here.", c.shown(hearsay.hello.sender),
                        c.shown(hearsay.hello.primary));
  }
  return text;
}

// What would be in the way of a failover, or nothing.
std::string obstacles(const Case& c) {
  const core::Explanation& facts = c.facts;
  std::string text;
  if (facts.quorum > facts.voters) {
    text +=
        fmt::format(" The quorum of {} cannot be reached: there are only {} sentinels.", facts.quorum, facts.voters);
  } else if (!facts.majority_reachable()) {
    text += fmt::format(" Nobody can be elected: {} of {} sentinels can be reached, and {} votes are needed.",
                        facts.reachable_voters, facts.voters, facts.majority);
  }
  if (c.primary.replicas.empty()) {
    text += " There is no replica that could take its place.";
  } else if (facts.selection.chosen() == nullptr) {
    text += " No replica is fit to take its place.";
  }
  text += strangers(c);
  const bool is_sure = facts.situation != Situation::kSuspected && facts.situation != Situation::kNotAgreed;
  if (!is_sure && c.primary.not_before > c.now) {
    text += fmt::format(" Even then this sentinel itself would not stand for election for another {}: it gives way.",
                        duration(c.primary.not_before - c.now));
  }
  return text;
}

// Nothing of it is touched: it would be cut off from its data.
std::string follows_outside(const Case& c) {
  if (!c.primary.monitors_replica || !c.primary.server.info.primary) return {};
  return fmt::format(
      " But it is no primary: it follows {}, which answers: monitor that one, or set relay to yes if it is to be so. "
      "There is no failover as long as that lasts.",
      c.shown(*c.primary.server.info.primary));
}

std::string well(const Case& c) {
  return fmt::format("All is well: {} answered {} ago.", c.it(),
                     duration(c.now - c.primary.server.health.last_valid_reply)) +
         follows_outside(c) + obstacles(c);
}

std::string unplaced(const Case& c) {
  return fmt::format(
      "No name server has told this sentinel yet where {} is, which says nothing about it: it does not count as down.",
      c.it());
}

std::string suspected(const Case& c) {
  return fmt::format("{}; it counts as down in {} if that goes on.", complaint(c), c.left()) + obstacles(c);
}

std::string held_back(const Case& c) {
  return fmt::format(
      "{}, but {} of its {} replicas hear from it, so it is the network between that is broken, and it does "
      "not count as down (corroborate-with-replicas). If they hear no more of it, it does in {}.",
      complaint(c), c.facts.witnesses, c.primary.replicas.size(), c.left());
}

std::string not_agreed(const Case& c) {
  const auto count = [&c](auto condition) {
    const auto& peers = c.facts.peers;
    return std::count_if(peers.begin(), peers.end(), condition);
  };
  const auto is_current = [](const core::PeerView& peer) { return peer.said_at && !peer.expired; };
  return fmt::format(
             "{}, but only {} of the {} sentinels that have to agree (quorum) say that it is down. Of the others {} "
             "say that it is up, and {} have said nothing lately.",
             complaint(c), c.facts.down_opinions, c.facts.quorum,
             count([&](const auto& peer) { return is_current(peer) && peer.sight == core::Sight::kUp; }),
             count([&](const auto& peer) { return !is_current(peer); })) +
         obstacles(c);
}

std::string agreed(const Case& c) {
  return fmt::format("{}, and {} sentinels agree that it is down (quorum {})", complaint(c), c.facts.down_opinions,
                     c.facts.quorum);
}

std::string before_turn(const Case& c) {
  return fmt::format("{}. This sentinel stands for election in {} unless another does before.", agreed(c), c.left()) +
         obstacles(c);
}

std::string giving_way(const Case& c) {
  const core::Vote& vote = c.primary.my_vote;
  const auto peer = c.state.peers_by_run_id.find(vote.leader);
  const std::string leader =
      peer == c.state.peers_by_run_id.end() ? vote.leader.hex : c.shown(c.state.peers.at(peer->second).address);
  return fmt::format(
             "{}. This sentinel has voted for {} at epoch {} and gives it time to fail over; it stands itself in "
             "{} at the earliest.",
             agreed(c), leader, to_number(vote.epoch), c.left()) +
         obstacles(c);
}

std::string awaited(const Case& c) {
  std::string names;
  for (const Address& address : c.facts.selection.awaited) {
    if (!names.empty()) names += ", ";
    names += c.shown(address);
  }
  return names;
}

// Nobody was fit to be promoted.
std::string pausing_for_replica(const Case& c) {
  if (c.facts.selection.awaited.empty()) {
    return fmt::format("{}. Nobody was fit to be promoted; the next attempt follows as soon as somebody is, or in {}.",
                       agreed(c), c.left());
  }
  return fmt::format(
      "{}. The replicas that can be reached have less data than {} had, which is awaited for another {}; after that "
      "the best of those that are there is promoted.",
      agreed(c), awaited(c), c.left());
}

std::string pausing(const Case& c) {
  if (c.facts.wait->what == core::Awaited::kReplica) return pausing_for_replica(c) + obstacles(c);
  return fmt::format("{}. The last attempt of this sentinel to fail over came to nothing; the next one follows in {}.",
                     agreed(c), c.left()) +
         obstacles(c);
}

std::string_view ordered(const core::Failover& failover) { return failover.forced() ? ", by order" : ""; }

std::string_view under_way(const core::Failover& failover) {
  return failover.cause == core::Cause::kContradiction
             ? "Another sentinel names another primary of the same epoch, and this one is to be confirmed"
             : "A failover is under way";
}

std::string standing(const Case& c) {
  const core::Failover& failover = *c.primary.failover;
  const bool saving = c.facts.wait->what == core::Awaited::kSave;
  return fmt::format(
             "{}{}: this sentinel stands for election at epoch {} and has {} of the {} votes "
             "needed{}.",
             under_way(failover), ordered(failover), to_number(failover.epoch), c.facts.votes, c.facts.majority,
             saving ? "; it asks for the others when its own is on disk" : "") +
         obstacles(c);
}

std::string selecting(const Case& c) {
  return fmt::format(
      "A failover is under way{}: this sentinel was elected, and waits {} at most for fresh INFO of the "
      "replicas before it chooses.",
      ordered(*c.primary.failover), c.left());
}

std::string chosen_address(const Case& c) {
  const core::Candidate* chosen = c.facts.selection.chosen();
  return chosen == nullptr ? "the chosen replica" : c.shown(chosen->address);
}

std::string_view state_of_promotion(core::Awaited what) {
  if (what == core::Awaited::kVotes) return "is to become the primary, once a majority has repeated its votes";
  if (what == core::Awaited::kLink) return "is to become the primary, and there is no connection to it at present";
  return "has been told to become the primary, and has not said yet that it is";
}

std::string promoting(const Case& c) {
  return fmt::format("A failover is under way{}: {} {}; that is given up in {}.", ordered(*c.primary.failover),
                     chosen_address(c), state_of_promotion(c.facts.wait->what), c.left());
}

std::string reconfiguring(const Case& c) {
  const auto chosen = core::chosen_replica(*c.primary.failover);
  const auto& replicas = c.primary.replicas;
  const auto left = std::count_if(replicas.begin(), replicas.end(), [&](const auto& entry) {
    return entry.second.server.id != chosen && entry.second.reconf != core::ReconfState::kDone;
  });
  const bool saving = c.facts.wait->what == core::Awaited::kSave;
  return fmt::format("A failover is nearly done: {} is the primary, and {} other replicas do not follow it yet; {}.",
                     chosen_address(c), left,
                     saving ? "they are told when the new configuration is on disk"
                            : fmt::format("that ends in {} at the latest", c.left()));
}

std::string confirming(const Case& c) {
  return fmt::format("The present configuration has been confirmed by election, and is being saved at epoch {}.",
                     to_number(c.primary.config_epoch));
}

std::string in_tilt(const Case& c) {
  return fmt::format(
      "TILT: this process stood still for {}, so what it believes may be wrong, and it takes no part for "
      "another {}.",
      duration(c.state.tilt->stalled_for), c.left());
}

}  // namespace

std::string why(const core::State& state, const core::Primary& primary, const core::Explanation& explanation,
                Instant now) {
  const Case c{state, primary, explanation, now};
  switch (explanation.situation) {
    case Situation::kWell:
      return well(c);
    case Situation::kUnplaced:
      return unplaced(c);
    case Situation::kSuspected:
      return suspected(c);
    case Situation::kHeldBack:
      return held_back(c);
    case Situation::kNotAgreed:
      return not_agreed(c);
    case Situation::kBeforeTurn:
      return before_turn(c);
    case Situation::kGivingWay:
      return giving_way(c);
    case Situation::kPausing:
      return pausing(c);
    case Situation::kStanding:
      return standing(c);
    case Situation::kSelecting:
      return selecting(c);
    case Situation::kPromoting:
      return promoting(c);
    case Situation::kReconfiguring:
      return reconfiguring(c);
    case Situation::kConfirming:
      return confirming(c);
    case Situation::kTilt:
      return in_tilt(c);
  }
  return {};
}

std::string what_an_order_would_do(const core::State& state, const core::Primary& primary,
                                   const core::Explanation& explanation, Instant now) {
  const Case c{state, primary, explanation, now};
  std::string text = fmt::format(
      "This sentinel would ask the others for votes ({} of {} sentinels can be reached, {} votes "
      "are needed)",
      explanation.reachable_voters, explanation.voters, explanation.majority);
  if (!explanation.majority_reachable()) {
    text += fmt::format(", go on without them after {}", duration(core::kForcedPatience));
  }
  text += fmt::format(", and make {} the primary in place of {}.", chosen_address(c), c.it());
  if (state.tilt) text += fmt::format(" It would begin when TILT is over, in {}.", c.left());
  return text + " Nothing has been done.";
}

}  // namespace vedette::node
