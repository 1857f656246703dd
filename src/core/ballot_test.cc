#include "core/ballot.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "tests/support/model_server.h"

namespace vedette::core {
namespace {

using testing::run_id;

const Vote kVotedForBAt5{run_id('b'), Epoch{5}};

TEST(Ballot, IsGivenAtANewEpoch) {
  const Ballot ballot = cast_vote(Epoch{5}, kVotedForBAt5, Epoch{4}, Epoch{6}, run_id('c'));
  EXPECT_TRUE(ballot.granted);
  EXPECT_EQ(ballot.vote.leader, run_id('c'));
  EXPECT_EQ(ballot.vote.epoch, Epoch{6});
  EXPECT_EQ(ballot.current_epoch, Epoch{6});
}

TEST(Ballot, IsNotGivenTwiceAtOneEpoch) {
  for (const char candidate : {'b', 'c'}) {
    const Ballot ballot = cast_vote(Epoch{5}, kVotedForBAt5, Epoch{4}, Epoch{5}, run_id(candidate));
    EXPECT_FALSE(ballot.granted);
    EXPECT_EQ(ballot.vote.leader, run_id('b'));
    EXPECT_EQ(ballot.vote.epoch, Epoch{5});
  }
}

TEST(Ballot, IsNotGivenAtAnOlderEpoch) {
  EXPECT_FALSE(cast_vote(Epoch{5}, kVotedForBAt5, Epoch{4}, Epoch{4}, run_id('c')).granted);
}

TEST(Ballot, IsNotGivenAtAnEpochThatHasItsConfiguration) {
  EXPECT_FALSE(cast_vote(Epoch{6}, kVotedForBAt5, Epoch{6}, Epoch{6}, run_id('c')).granted);
  EXPECT_TRUE(cast_vote(Epoch{6}, kVotedForBAt5, Epoch{6}, Epoch{7}, run_id('c')).granted);
}

TEST(Ballot, AsksNothingOfTheEpochThatAllPrimariesShare) {
  EXPECT_TRUE(cast_vote(Epoch{1000}, kVotedForBAt5, Epoch{4}, Epoch{6}, run_id('c')).granted);
}

TEST(Ballot, AnEpochIsSpentEvenIfItIsNotKnownForWhom) {
  const Vote after_restart{RunId{}, Epoch{5}};
  EXPECT_FALSE(cast_vote(Epoch{5}, after_restart, Epoch{4}, Epoch{5}, run_id('c')).granted);
}

struct Question {
  std::uint64_t epoch;
  char candidate;
};

rc::Gen<std::vector<Question>> questions() {
  return rc::gen::container<std::vector<Question>>(rc::gen::map(
      rc::gen::pair(rc::gen::inRange<std::uint64_t>(0, 12), rc::gen::element('a', 'b', 'c')), [](const auto& pair) {
        return Question{pair.first, pair.second};
      }));
}

RC_GTEST_PROP(BallotProperty, NobodyGetsTwoVotesOfOneEpochWhateverIsAsked, (std::uint8_t config_epoch)) {
  Vote vote;
  Epoch current_epoch{0};
  std::map<Epoch, RunId> given;
  for (const Question& question : *questions()) {
    const Ballot ballot =
        cast_vote(current_epoch, vote, Epoch{config_epoch}, Epoch{question.epoch}, run_id(question.candidate));
    RC_ASSERT(ballot.current_epoch >= current_epoch);
    RC_ASSERT(ballot.vote.epoch >= vote.epoch);
    if (ballot.granted) {
      RC_ASSERT(given.emplace(ballot.vote.epoch, ballot.vote.leader).second);
      RC_ASSERT(ballot.vote.epoch > Epoch{config_epoch});
    } else {
      RC_ASSERT(ballot.vote.epoch == vote.epoch && ballot.vote.leader == vote.leader);
    }
    vote = ballot.vote;
    current_epoch = ballot.current_epoch;
  }
}

}  // namespace
}  // namespace vedette::core
