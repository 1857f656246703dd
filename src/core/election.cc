#include "core/election.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "core/detection.h"
#include "core/epochs.h"
#include "core/events.h"
#include "core/lease.h"
#include "core/quorum.h"
#include "core/selection.h"
#include "core/stagger.h"
#include "core/voting.h"
#include "proto/names.h"

namespace vedette::core {
namespace {

// Who goes on alone takes an epoch that nobody else takes: so far ahead, by an amount of its own.
constexpr std::uint64_t kLeap = 1U << 16;

// The longest pause between two attempts to connect, and some.
constexpr Micros kReturnPatience = 1500ms;

// An answer may have been given before the peer's own question was asked, which came on another connection: who asks
// has found the primary down meanwhile.
bool is_overtaken(const Sentinel& sentinel, const PeerAnswered& answer) {
  const auto& opinion = sentinel.opinion;
  return !answer.reply.down && opinion && opinion->down && opinion->at >= answer.asked_at;
}

// Without an epoch the answer tells nothing of votes: there are none, or they are withheld while they cannot be saved.
void take_vote(Turn& turn, const Primary& primary, Sentinel& sentinel, const PeerAnswered& answer) {
  const Epoch epoch = answer.reply.leader_epoch;
  if (epoch == Epoch{0} || epoch > kMaxEpoch) return;
  const bool is_ours = answer.reply.leader == turn.state.my_id && epoch == answer.candidacy;
  if (is_ours) sentinel.vote_asked_at = std::max(sentinel.vote_asked_at, answer.asked_at);
  if (epoch < answer.candidacy) sentinel.refused_epoch = answer.candidacy;
  const bool is_news = answer.reply.leader
                           ? *answer.reply.leader != sentinel.vote.leader || epoch != sentinel.vote.epoch
                           : epoch > sentinel.vote.epoch;
  if (!is_news) return;
  sentinel.vote = {answer.reply.leader.value_or(RunId{}), epoch};
  sentinel.vote_known_at = turn.now;
  if (answer.reply.leader) {
    log(turn, Level::kNotice,
        fmt::format("{} voted for {} {}", sentinel.id.hex, sentinel.vote.leader.hex, to_number(epoch)));
  }
  raise_epoch(turn, primary, epoch);
}

std::size_t own_rank(const State& state, const Primary& primary) {
  std::vector<RunId> others;
  for (const auto& [id, sentinel] : primary.sentinels) {
    if (is_reachable(state, sentinel)) others.push_back(id);
  }
  return candidate_rank(primary.name, state.my_id, others);
}

// `first`, and twice as long after each round that was lost.
Micros growing(Micros first, const Primary& primary) { return first * (1U << std::min(primary.dead_rounds, 8U)); }

void lose_round(Turn& turn, Primary& primary, Instant not_before) {
  const bool is_pressing = primary.failover->cause != Cause::kContradiction;
  abort_failover(turn, primary, proto::event::kAbortNotElected);
  if (!is_pressing) return;  // the primary is well, and should it die nothing of this is to stand in the way
  primary.not_before = not_before;
  ++primary.dead_rounds;
}

bool reaches_majority(const State& state, const Primary& primary) {
  const auto reached = std::count_if(primary.sentinels.begin(), primary.sentinels.end(), [&](const auto& entry) {
    return state.peers.at(entry.second.peer).health.connected;
  });
  return static_cast<std::size_t>(reached) + 1 >= election_majority(primary.voters(), primary.settings.quorum);
}

// A voter that does not answer PING either.
bool is_out_of_reach(const State& state, const Sentinel& sentinel, Instant now) {
  const Health& health = state.peers.at(sentinel.peer).health;
  return !health.connected || judge_silence(health, state.timing.leader_lease / 2, state.pace).is_down(now);
}

// How long a round is left open in which somebody may still win. If only by votes that were given before their voters
// were out of reach, he has them by now and acts within a lease, unless a stock sentinel may be the one.
Micros patience(const State& state, const Primary& primary, const Tally& tally, Instant now) {
  const auto lost = std::count_if(primary.sentinels.begin(), primary.sentinels.end(), [&](const auto& entry) {
    return is_outstanding(entry.second, primary.failover->epoch) && is_out_of_reach(state, entry.second, now);
  });
  const Micros longest = std::min<Micros>(state.timing.election_timeout, primary.settings.failover_timeout);
  if (tally.someone_may_win(static_cast<std::size_t>(lost)) || !all_keep_leases(state, primary)) return longest;
  return std::min(state.timing.leader_lease, longest);
}

// Undecided for too long. It is repeated at once where that promises anything.
void give_up_round(Turn& turn, Primary& primary) {
  const Micros longest = 2 * primary.settings.failover_timeout;
  if (!all_keep_leases(turn.state, primary)) {
    lose_round(turn, primary, primary.failover->started_at + longest);
  } else if (reaches_majority(turn.state, primary)) {
    retry_round(turn, primary);
  } else {
    lose_round(turn, primary, turn.now + std::min(growing(turn.state.timing.leader_lease, primary), longest));
  }
}

// A stock voter refuses an epoch that is behind its own. Once we know of a greater one there is nothing to wait for.
// One of ours refuses only for the sake of a candidate at a greater epoch, who is to win.
bool is_behind_a_voter(const State& state, const Primary& primary) {
  const Epoch epoch = primary.failover->epoch;
  return state.current_epoch > epoch &&
         std::any_of(primary.sentinels.begin(), primary.sentinels.end(), [&](const auto& entry) {
           const Sentinel& sentinel = entry.second;
           const bool is_stock = !state.peers.at(sentinel.peer).is_vedette.value_or(false);
           return is_stock && sentinel.answered_epoch == epoch && sentinel.vote.epoch != epoch;
         });
}

// Those whom we do not reach may elect somebody at the epochs that come next. Two configurations of one epoch would
// never be reconciled, so ours gets an epoch that is its own.
void go_on_alone(Turn& turn, Primary& primary) {
  const std::uint64_t leap = kLeap + stable_hash(turn.state.my_id.hex) % kLeap;
  const Epoch epoch{to_number(std::max(turn.state.current_epoch, primary.failover->epoch)) + leap};
  raise_epoch(turn, primary, epoch);
  primary.failover->epoch = epoch;
  primary.failover->alone = true;
  record_vote(turn, primary, {turn.state.my_id, epoch});
  turn.acted();
}

// Nobody was fit, and that is what others were given time for. It is over as soon as somebody is.
void look_for_somebody(Turn& turn, Primary& primary) {
  if (!primary.found_nobody || turn.now >= primary.led_in_vain_until) return;
  const Selection selection = select_replica(turn.state, primary, turn.now);
  if (selection.chosen() == nullptr) {
    if (!selection.awaited.empty()) turn.due(*selection.awaited_until);
    return;
  }
  // Others come up in the same moment, the primary perhaps among them, and have not all been reached yet.
  const Instant up_since = primary.replicas.at(selection.chosen()->address).server.health.link_changed_at;
  if (!turn.due(up_since + kReturnPatience)) return;
  primary.found_nobody = false;
  primary.led_in_vain_until = turn.now;
  turn.acted();
}

Outcome forced_outcome(Turn& turn, Primary& primary, const Tally& tally) {
  Failover& failover = *primary.failover;
  if (!turn.due(candidacy_deadline(turn.state, primary, turn.now))) {
    if (failover.again_at) {
      if (turn.due(*failover.again_at)) stand_for_election(turn, primary, Cause::kOrder);
    } else if (!tally.someone_may_win()) {
      retry_round(turn, primary);
    }
    return Outcome::kOpen;
  }
  const bool others_have_votes = tally.votes.size() > tally.votes.count(turn.state.my_id);
  if (others_have_votes) {
    lose_round(turn, primary, failover.started_at + 2 * primary.settings.failover_timeout);
    return Outcome::kLost;
  }
  log(turn, Level::kWarning,
      fmt::format("Failing over {} by order without a majority: {} of {} votes at epoch {}", primary.name,
                  tally.votes_for(turn.state.my_id), tally.majority, to_number(primary.failover->epoch)));
  go_on_alone(turn, primary);
  return Outcome::kOpen;
}

Outcome agreed_outcome(Turn& turn, Primary& primary, const Tally& tally) {
  if (!tally.someone_may_win()) {
    retry_round(turn, primary);
    return Outcome::kLost;
  }
  if (!turn.due(candidacy_deadline(turn.state, primary, turn.now))) return Outcome::kOpen;
  give_up_round(turn, primary);
  return Outcome::kLost;
}

}  // namespace

void ask_peers(Turn& turn, Primary& primary) {
  // Durable before said: until our vote for ourselves is, we ask like one who does not stand.
  const bool in_need = stands(primary) || (is_promoting(primary) && !primary.failover->alone);
  const bool candidate = in_need && turn.durability.is_durable(primary.vote_revision);
  if (!candidate && !primary.server.subjectively_down()) return;
  const Epoch standing = candidate ? primary.failover->epoch : Epoch{0};
  for (auto& [id, sentinel] : primary.sentinels) {
    if (!turn.state.peers.at(sentinel.peer).health.connected) continue;
    const bool new_candidacy = candidate && sentinel.asked_epoch != standing;
    const bool asked_lately = sentinel.asked_at && !turn.due(*sentinel.asked_at + turn.state.timing.ask_period);
    if (asked_lately && !new_candidacy) continue;
    sentinel.asked_at = turn.now;
    sentinel.asked_epoch = standing;
    turn.emit(AskPeer{sentinel.peer, primary.name, turn.state.names.asked_about(primary.server.address),
                      candidate ? standing : turn.state.current_epoch,
                      candidate ? std::optional(turn.state.my_id) : std::nullopt});
    turn.acted();
  }
}

void take_answer(Turn& turn, Primary& primary, Sentinel& sentinel, const PeerAnswered& answer) {
  const bool is_about_it = turn.state.names.same(answer.about, primary.server.address);
  if (is_about_it && !is_overtaken(sentinel, answer)) sentinel.opinion = Opinion{answer.reply.down, turn.now};
  sentinel.answered_epoch = std::max(sentinel.answered_epoch, answer.candidacy);
  take_vote(turn, primary, sentinel, answer);
  turn.touch(primary.unit);
}

void stand_when_due(Turn& turn, Primary& primary) {
  if (primary.failover || !primary.objectively_down_since) return;
  look_for_somebody(turn, primary);
  if (turn.due(next_candidacy(turn.state, primary))) stand_for_election(turn, primary, Cause::kDown);
}

Instant next_candidacy(const State& state, const Primary& primary) {
  const Instant from = std::max({*primary.objectively_down_since, primary.not_before, primary.led_in_vain_until});
  return from + candidate_delay(state, primary);
}

Micros candidate_delay(const State& state, const Primary& primary) {
  const auto rank = static_cast<std::int64_t>(own_rank(state, primary));
  return rank * stretched(state.timing.candidate_stagger, state.objectively_down.size());
}

void stand_for_election(Turn& turn, Primary& primary, Cause cause) {
  const Epoch epoch = next(std::max({turn.state.current_epoch, primary.my_vote.epoch, primary.config_epoch}));
  raise_epoch(turn, primary, epoch);
  const bool repeats_order = cause == Cause::kOrder && primary.failover && primary.failover->forced();
  const Instant ordered_at = repeats_order ? primary.failover->ordered_at : turn.now;
  primary.failover = Failover{epoch, cause, turn.now, turn.now, WaitStart{}};
  primary.failover->ordered_at = ordered_at;
  if (cause != Cause::kContradiction) announce(turn, proto::event::kTryFailover, primary);
  record_vote(turn, primary, {turn.state.my_id, epoch});
  turn.acted();
}

Outcome candidacy_outcome(Turn& turn, Primary& primary) {
  const Failover& failover = *primary.failover;
  if (failover.cause == Cause::kDown && !primary.objectively_down_since) {  // it is back, or we will be sure again
    retry_round(turn, primary);
    return Outcome::kLost;
  }
  if (failover.cause == Cause::kContradiction && primary.objectively_down_since) {  // more matters than who is right
    lose_round(turn, primary, turn.now);
    return Outcome::kLost;
  }
  const Tally tally = tally_votes(primary, failover.epoch);
  // Our own vote counts once it is durable; nobody else was asked before that.
  if (turn.durability.is_durable(primary.vote_revision) && tally.is_elected(turn.state.my_id)) return Outcome::kElected;
  if (failover.alone) return turn.durability.is_durable(primary.vote_revision) ? Outcome::kElected : Outcome::kOpen;
  if (is_behind_a_voter(turn.state, primary)) {
    stand_for_election(turn, primary, failover.cause);
    return Outcome::kOpen;
  }
  return failover.forced() ? forced_outcome(turn, primary, tally) : agreed_outcome(turn, primary, tally);
}

Instant candidacy_deadline(const State& state, const Primary& primary, Instant now) {
  const Failover& failover = *primary.failover;
  if (failover.forced()) return failover.ordered_at + kForcedPatience;
  return failover.started_at + patience(state, primary, tally_votes(primary, failover.epoch), now);
}

// A pause of random length keeps those apart who lost the same round.
void retry_round(Turn& turn, Primary& primary) {
  const Timing& timing = turn.state.timing;
  const Micros first = stretched(timing.retry_first_max, turn.state.objectively_down.size());
  const Micros longest = std::min(growing(first, primary), timing.retry_max);
  const Instant again = turn.now + turn.rng.between(longest / 4, longest);
  if (!primary.failover->forced()) return lose_round(turn, primary, again);
  primary.failover->state = WaitStart{};
  primary.failover->again_at = again;
  ++primary.dead_rounds;
  turn.acted();
}

void abort_failover(Turn& turn, Primary& primary, std::string_view event) {
  // Who has led in vain may be the only one that does not reach the replicas, so all others stand before it does again.
  if (!stands(primary)) {
    const auto others = static_cast<std::int64_t>(primary.sentinels.size());
    primary.led_in_vain_until = primary.failover->started_at + 2 * primary.settings.failover_timeout +
                                (others + 1) * turn.state.timing.candidate_stagger;
  }
  primary.found_nobody = event == proto::event::kAbortNoGoodReplica;
  for (auto& [address, replica] : primary.replicas) replica.reconf = ReconfState::kNone;
  const bool is_told = primary.failover->cause != Cause::kContradiction;
  primary.failover.reset();
  if (is_told) announce(turn, event, primary);
  turn.acted();
}

}  // namespace vedette::core
