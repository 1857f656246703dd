#include "core/voting.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/ballot.h"
#include "core/election.h"
#include "core/epochs.h"
#include "core/events.h"
#include "core/lease.h"
#include "core/naming.h"
#include "proto/names.h"

namespace vedette::core {
namespace {

// A vote for another at a greater epoch is a promise to let it lead: a candidacy of our own at a smaller one is given
// up, since both might win and promote two replicas.
void give_way(Turn& turn, Primary& primary) {
  if (stands(primary)) abort_failover(turn, primary, proto::event::kAbortNotElected);
  const Micros way = way_given(turn.state, primary, primary.my_vote.leader);
  primary.not_before = turn.now + way;
  log(turn, Level::kNotice,
      fmt::format("Next failover delay: I will not start a failover of {} within {} ms", primary.name, to_millis(way)));
}

// Asked again for the vote that it has: the candidate is still there, and may be elected.
void renew_promise(Turn& turn, Primary& primary) {
  if (!may_keep_leases(turn.state, primary.my_vote.leader)) return;
  primary.voted_at = turn.now;
  primary.promised_until = turn.now + turn.state.timing.leader_lease;
  primary.not_before = std::max(primary.not_before, primary.promised_until);
}

void consider_candidate(Turn& turn, Primary& primary, const PeerAsked& question) {
  if (!question.candidate || question.epoch > kMaxEpoch) return;
  if (*question.candidate != primary.my_vote.leader) {
    // Two leaders of two epochs are allowed, and two promotions lose writes. The failover timeout bounds this.
    if (is_promoting(primary) || turn.now < primary.promised_until) return raise_epoch(turn, primary, question.epoch);
  } else if (question.epoch == primary.my_vote.epoch) {
    return renew_promise(turn, primary);
  }
  const Ballot ballot =
      cast_vote(turn.state.current_epoch, primary.my_vote, primary.config_epoch, question.epoch, *question.candidate);
  raise_epoch(turn, primary, ballot.current_epoch);
  if (!ballot.granted) return;
  record_vote(turn, primary, ballot.vote);
  if (*question.candidate != turn.state.my_id) give_way(turn, primary);
}

// A peer asks for an opinion only about a primary that it finds down, so its question is its opinion, without another
// round trip. A question for a vote proves less: it may come from an operator's order.
void take_question_as_opinion(Turn& turn, Primary& primary, const PeerAsked& question) {
  if (question.candidate || !question.asker) return;
  const auto sentinel = primary.sentinels.find(*question.asker);
  if (sentinel != primary.sentinels.end()) sentinel->second.opinion = Opinion{true, turn.now};
}

}  // namespace

void record_vote(Turn& turn, Primary& primary, const Vote& vote) {
  primary.my_vote = vote;
  primary.voted_at = turn.now;
  primary.vote_revision = turn.durability.changed_and_waits(primary);
  announce_text(turn, proto::event::kVoteForLeader, primary,
                fmt::format("{} {}", vote.leader.hex, to_number(vote.epoch)));
}

void answer_peer(Turn& turn, const PeerAsked& question) {
  Primary* primary = primary_at(turn, question.primary);
  if (primary == nullptr) {
    turn.emit(AnswerPeer{question.token, {}});
    return;
  }
  take_question_as_opinion(turn, *primary, question);
  consider_candidate(turn, *primary, question);
  turn.touch(primary->unit);

  proto::DownReply reply;
  reply.down = primary->server.subjectively_down() && !turn.state.tilt;
  if (!question.candidate) return turn.emit(AnswerPeer{question.token, reply});
  // Whom we voted for is forgotten in a restart; that the epoch is spent is not, and is told.
  reply.leader_epoch = primary->my_vote.epoch;
  if (primary->my_vote.leader.known()) reply.leader = primary->my_vote.leader;
  turn.durability.answer(turn.effects(), AnswerPeer{question.token, reply}, primary->vote_revision, turn.now,
                         turn.state.timing);
}

}  // namespace vedette::core
