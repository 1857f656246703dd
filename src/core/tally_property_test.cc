// Properties of elections, from every mixture of votes that generators can think of.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "core/quorum.h"
#include "tests/support/election_state.h"

namespace vedette::core {
namespace {

using testing::add_voter;
using testing::run_id;

constexpr std::string_view kLetters = "abcdef";

constexpr std::uint64_t kEpochs = 3;

// Whom one voter has voted for at each epoch from 1; '-' is nobody.
using History = std::string;

rc::Gen<History> any_history() {
  return rc::gen::container<History>(kEpochs, rc::gen::element('a', 'a', 'b', 'b', 'c', 'd', 'e', 'f', '-'));
}

rc::Gen<std::uint64_t> any_epoch() { return rc::gen::inRange<std::uint64_t>(1, kEpochs + 1); }

// What somebody who counts sees of a voter is its vote at some epoch, not all that it has ever voted.
Vote seen_of(const History& history, std::uint64_t epoch) {
  const char candidate = history.at(epoch - 1);
  return candidate == '-' ? Vote{} : Vote{run_id(candidate), Epoch{epoch}};
}

Primary counted_by(std::size_t counter, const std::vector<History>& voters, unsigned quorum, std::uint64_t epoch) {
  Primary primary;
  primary.settings.quorum = quorum;
  for (std::size_t i = 0; i < voters.size(); ++i) {
    const bool unseen = *rc::gen::weightedElement<bool>({{1, true}, {4, false}});
    const std::uint64_t seen = unseen ? *any_epoch() : epoch;
    if (i == counter) {
      primary.my_vote = seen_of(voters[i], epoch);
    } else {
      add_voter(primary, kLetters[i]).vote = seen_of(voters[i], seen);
    }
  }
  return primary;
}

// Two sentinels count, each sees only a part; whoever they find elected at one epoch is the same.
RC_GTEST_PROP(TallyProperty, NoTwoCandidatesAreElectedAtOneEpoch, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(1, kLetters.size() + 1);
  const auto voters = *rc::gen::container<std::vector<History>>(size, any_history());
  const auto quorum = *rc::gen::inRange<unsigned>(1, 8);
  const auto epoch = *any_epoch();
  std::set<char> elected;
  for (int count = 0; count < 2; ++count) {
    const auto counter = *rc::gen::inRange<std::size_t>(0, size);
    const Tally tally = tally_votes(counted_by(counter, voters, quorum, epoch), Epoch{epoch});
    for (const char candidate : kLetters) {
      if (tally.is_elected(run_id(candidate))) elected.insert(candidate);
    }
  }
  RC_CLASSIFY(elected.size() == 1, "somebody was elected");
  RC_ASSERT(elected.size() <= 1U);
}

RC_GTEST_PROP(TallyProperty, VotesOfOtherEpochsNeverCount, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(1, kLetters.size() + 1);
  const auto voters = *rc::gen::container<std::vector<History>>(size, any_history());
  Primary primary = counted_by(0, voters, 1, 2);
  std::size_t cast = primary.my_vote.epoch == Epoch{2} ? 1 : 0;
  for (const auto& [id, sentinel] : primary.sentinels) cast += sentinel.vote.epoch == Epoch{2} ? 1 : 0;
  std::size_t counted = 0;
  for (const auto& [candidate, votes] : tally_votes(primary, Epoch{2}).votes) counted += votes;
  RC_ASSERT(counted == cast);
}

// Let those who have not voted vote as they like: if anybody can get a majority, the round was not called dead.
RC_GTEST_PROP(TallyProperty, ARoundIsNotDeadWhileSomebodyCanStillWinIt, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(1, kLetters.size() + 1);
  const auto quorum = *rc::gen::inRange<unsigned>(1, 5);
  Primary primary;
  primary.settings.quorum = quorum;
  primary.my_vote = {run_id('a'), Epoch{2}};
  for (std::size_t i = 1; i < size; ++i) {
    Sentinel& voter = add_voter(primary, kLetters[i]);
    voter.vote = *rc::gen::element(Vote{}, Vote{run_id('a'), Epoch{2}}, Vote{run_id('b'), Epoch{2}},
                                   Vote{run_id('b'), Epoch{1}}, Vote{run_id('b'), Epoch{3}});
    voter.refused_epoch = *rc::gen::element(Epoch{0}, Epoch{1}, Epoch{2});
  }
  const bool may_win = tally_votes(primary, Epoch{2}).someone_may_win();

  const char winner = *rc::gen::elementOf(kLetters);
  for (auto& [id, voter] : primary.sentinels) {
    if (voter.refused_epoch != Epoch{2} && voter.vote.epoch != Epoch{2}) voter.vote = {run_id(winner), Epoch{2}};
  }
  const bool wins = tally_votes(primary, Epoch{2}).is_elected(run_id(winner));
  RC_CLASSIFY(wins, "somebody wins");
  RC_CLASSIFY(!may_win, "the round is dead");
  RC_ASSERT(!wins || may_win);
}

}  // namespace
}  // namespace vedette::core
