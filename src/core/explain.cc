#include "core/explain.h"

#include <algorithm>

#include "core/configuration.h"
#include "core/election.h"
#include "core/failover.h"
#include "core/lease.h"
#include "core/quorum.h"
#include "core/topology.h"

namespace vedette::core {
namespace {

struct FailoverSituation {
  Situation operator()(const WaitStart&) const { return Situation::kStanding; }
  Situation operator()(const SelectReplica&) const { return Situation::kSelecting; }
  Situation operator()(const SendPromotion&) const { return Situation::kPromoting; }
  Situation operator()(const WaitPromotion&) const { return Situation::kPromoting; }
  Situation operator()(const ReconfigureReplicas&) const { return Situation::kReconfiguring; }
  Situation operator()(const UpdateConfiguration&) const { return Situation::kConfirming; }
};

// Every PING is unanswered for a moment: that alone is no silence.
bool is_suspected(const State& state, const Primary& primary, const DownVerdict& verdict, Instant now) {
  if (!verdict.at) return false;
  const Health& health = primary.server.health;
  if (verdict.reason != DownReason::kSilent || !health.connected) return true;
  return now - silent_since(health).value_or(now) >= ping_period(state.timing, primary.settings.down_after);
}

Situation situation_of(const State& state, const Primary& primary, const DownVerdict& verdict, Instant now) {
  if (state.tilt) return Situation::kTilt;
  if (primary.failover) return std::visit(FailoverSituation{}, primary.failover->state);
  if (primary.objectively_down_since) {
    if (std::max(primary.not_before, primary.led_in_vain_until) <= now) return Situation::kBeforeTurn;
    const Vote& vote = primary.my_vote;
    return vote.leader.known() && vote.leader != state.my_id ? Situation::kGivingWay : Situation::kPausing;
  }
  if (primary.server.subjectively_down()) return Situation::kNotAgreed;
  if (is_unplaced(primary.server.health)) return Situation::kUnplaced;
  if (verdict.is_held_back(now)) return Situation::kHeldBack;
  return is_suspected(state, primary, verdict, now) ? Situation::kSuspected : Situation::kWell;
}

PeerView view_of(const State& state, const Sentinel& sentinel, Instant now) {
  PeerView view;
  view.id = sentinel.id;
  view.peer = sentinel.peer;
  view.reachable = is_reachable(state, sentinel);
  if (!sentinel.opinion) return view;
  view.sight = sentinel.opinion->down ? Sight::kDown : Sight::kUp;
  view.said_at = sentinel.opinion->at;
  view.expired = expiry_of(*sentinel.opinion, state.timing) <= now;
  return view;
}

// Who has been chosen stays chosen, although somebody else may look better by now.
void keep_choice(Selection& selection, InstanceId chosen) {
  for (Candidate& candidate : selection.candidates) {
    if (candidate.id == chosen) {
      candidate.fitness = Fitness::kChosen;
    } else if (candidate.fitness == Fitness::kChosen) {
      candidate.fitness = Fitness::kBehindChosen;
    }
  }
}

std::optional<Instant> next_question(const State& state, const Primary& primary) {
  std::optional<Instant> next;
  for (const auto& [id, sentinel] : primary.sentinels) {
    if (!sentinel.asked_at || !state.peers.at(sentinel.peer).health.connected) continue;
    const Instant at = *sentinel.asked_at + state.timing.ask_period;
    next = std::min(next.value_or(at), at);
  }
  return next;
}

// Of the states of a failover after the election.
Wait wait_in(const State& state, const Primary& primary, Instant now) {
  const Failover& failover = *primary.failover;
  const Instant timeout = failover.state_changed_at + primary.settings.failover_timeout;
  if (std::holds_alternative<SelectReplica>(failover.state)) {
    return {Awaited::kFreshInfo, failover.state_changed_at + state.timing.fresh_info_patience};
  }
  if (std::holds_alternative<SendPromotion>(failover.state)) {
    const auto promised_until = lease_end(state, primary);
    const bool may_act = !promised_until || *promised_until > now;
    if (!may_act) return {Awaited::kVotes, failover.elected_at + state.timing.leader_lease};
    return {Awaited::kLink, timeout};
  }
  if (std::holds_alternative<WaitPromotion>(failover.state)) return {Awaited::kPromotion, timeout};
  if (!is_published(primary)) return {Awaited::kSave, std::nullopt};
  return {Awaited::kReconfiguration, timeout};
}

// Between two attempts. Nobody was fit at the last one: the next follows as soon as somebody is.
Wait wait_between(const State& state, const Primary& primary, const Selection& selection) {
  if (!primary.found_nobody) return {Awaited::kDelay, next_candidacy(state, primary)};
  if (!selection.awaited.empty()) return {Awaited::kReplica, selection.awaited_until};
  return {Awaited::kReplica, next_candidacy(state, primary)};
}

std::optional<Wait> wait_of(const State& state, const Durability& durability, const Primary& primary,
                            const Explanation& explanation, Instant now) {
  switch (explanation.situation) {
    case Situation::kWell:
      return std::nullopt;
    case Situation::kUnplaced:
      return Wait{Awaited::kName, std::nullopt};
    case Situation::kSuspected:
    case Situation::kHeldBack:
      return Wait{Awaited::kRecovery, explanation.verdict.at};
    case Situation::kNotAgreed:
      return Wait{Awaited::kOpinions, next_question(state, primary)};
    case Situation::kBeforeTurn:
      return Wait{Awaited::kTurn, next_candidacy(state, primary)};
    case Situation::kGivingWay:
      return Wait{Awaited::kDelay, next_candidacy(state, primary)};
    case Situation::kPausing:
      return wait_between(state, primary, explanation.selection);
    case Situation::kStanding:
      if (!durability.is_durable(primary.vote_revision)) return Wait{Awaited::kSave, std::nullopt};
      return Wait{Awaited::kVotes, candidacy_deadline(state, primary, now)};
    case Situation::kSelecting:
    case Situation::kPromoting:
    case Situation::kReconfiguring:
    case Situation::kConfirming:
      return wait_in(state, primary, now);
    case Situation::kTilt:
      return Wait{Awaited::kTiltOver, state.tilt->since + state.timing.tilt_period};
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Situation situation) {
  switch (situation) {
    case Situation::kWell:
      return "well";
    case Situation::kUnplaced:
      return "unplaced";
    case Situation::kSuspected:
      return "suspected";
    case Situation::kHeldBack:
      return "held-back";
    case Situation::kNotAgreed:
      return "not-agreed";
    case Situation::kBeforeTurn:
      return "before-turn";
    case Situation::kGivingWay:
      return "giving-way";
    case Situation::kPausing:
      return "pausing";
    case Situation::kStanding:
      return "standing";
    case Situation::kSelecting:
      return "selecting";
    case Situation::kPromoting:
      return "promoting";
    case Situation::kReconfiguring:
      return "reconfiguring";
    case Situation::kConfirming:
      return "confirming";
    case Situation::kTilt:
      return "tilt";
  }
  return "unknown";
}

std::string_view to_string(Awaited what) {
  switch (what) {
    case Awaited::kName:
      return "name";
    case Awaited::kRecovery:
      return "recovery";
    case Awaited::kOpinions:
      return "opinions";
    case Awaited::kTurn:
      return "turn";
    case Awaited::kDelay:
      return "delay";
    case Awaited::kSave:
      return "save";
    case Awaited::kVotes:
      return "votes";
    case Awaited::kReplica:
      return "replica";
    case Awaited::kFreshInfo:
      return "fresh-info";
    case Awaited::kLink:
      return "link";
    case Awaited::kPromotion:
      return "promotion";
    case Awaited::kReconfiguration:
      return "reconfiguration";
    case Awaited::kTiltOver:
      return "tilt-over";
  }
  return "unknown";
}

std::string_view to_string(Sight sight) {
  switch (sight) {
    case Sight::kUnknown:
      return "unknown";
    case Sight::kUp:
      return "up";
    case Sight::kDown:
      return "down";
  }
  return "unknown";
}

Explanation explain(const State& state, const Durability& durability, const Primary& primary, Instant now) {
  Explanation explanation;
  explanation.verdict = judge_primary(state, primary);
  explanation.silent_since = silent_since(primary.server.health);
  explanation.situation = situation_of(state, primary, explanation.verdict, now);
  for (const auto& [id, sentinel] : primary.sentinels) explanation.peers.push_back(view_of(state, sentinel, now));

  explanation.down_opinions = count_down_votes(primary, state.timing, now).count;
  explanation.quorum = primary.settings.quorum;
  explanation.voters = primary.voters();
  explanation.reachable_voters =
      1 + static_cast<std::size_t>(std::count_if(explanation.peers.begin(), explanation.peers.end(),
                                                 [](const PeerView& view) { return view.reachable; }));
  explanation.majority = election_majority(primary.voters(), primary.settings.quorum);
  if (explanation.situation == Situation::kStanding) {
    explanation.votes = tally_votes(primary, primary.failover->epoch).votes_for(state.my_id);
  }

  explanation.witnesses =
      static_cast<std::size_t>(std::count_if(primary.replicas.begin(), primary.replicas.end(), [&](const auto& entry) {
        const auto until = vouches_until(state.names, primary, entry.second);
        return until && *until > now;
      }));
  // Fresh INFO is asked for when we are elected.
  const bool elected = primary.failover && !std::holds_alternative<WaitStart>(primary.failover->state);
  explanation.selection = select_replica(state, primary, now, elected ? InfoAge::kFresh : InfoAge::kAny);
  const auto chosen = primary.failover ? chosen_replica(*primary.failover) : std::nullopt;
  if (chosen) keep_choice(explanation.selection, *chosen);
  explanation.wait = wait_of(state, durability, primary, explanation, now);
  return explanation;
}

}  // namespace vedette::core
