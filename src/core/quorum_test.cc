#include "core/quorum.h"

#include <gtest/gtest.h>

#include "tests/support/election_state.h"

namespace vedette::core {
namespace {

using testing::add_voter;
using testing::primary_with_voters;
using testing::run_id;

constexpr Instant kNow{100s};
const Timing kTiming;

// --- Down votes -----------------------------------------------------------------------------------------------------

TEST(DownVotes, NobodySeesItDown) {
  const DownVotes votes = count_down_votes(primary_with_voters("bc"), kTiming, kNow);
  EXPECT_EQ(votes.count, 0U);
  EXPECT_EQ(votes.valid_until, std::nullopt);
}

TEST(DownVotes, OursDoesNotExpire) {
  Primary primary = primary_with_voters("bc");
  primary.server.subjectively_down_since = kNow - 1h;
  const DownVotes votes = count_down_votes(primary, kTiming, kNow);
  EXPECT_EQ(votes.count, 1U);
  EXPECT_EQ(votes.valid_until, std::nullopt);
}

TEST(DownVotes, APeersOpinionIsGoodForFiveAskPeriods) {
  Primary primary = primary_with_voters("bc");
  primary.sentinels.at(run_id('b')).opinion = Opinion{true, kNow};
  EXPECT_EQ(count_down_votes(primary, kTiming, kNow + 4999ms).count, 1U);
  EXPECT_EQ(count_down_votes(primary, kTiming, kNow + 4999ms).valid_until, kNow + 5s);
  EXPECT_EQ(count_down_votes(primary, kTiming, kNow + 5s).count, 0U);
}

TEST(DownVotes, TheFirstToExpireIsTold) {
  Primary primary = primary_with_voters("bc");
  primary.sentinels.at(run_id('b')).opinion = Opinion{true, kNow + 300ms};
  primary.sentinels.at(run_id('c')).opinion = Opinion{true, kNow};
  EXPECT_EQ(count_down_votes(primary, kTiming, kNow + 1s).valid_until, kNow + 5s);
}

TEST(DownVotes, TheOpinionThatItIsWellIsNoVote) {
  Primary primary = primary_with_voters("bc");
  primary.sentinels.at(run_id('b')).opinion = Opinion{false, kNow};
  EXPECT_EQ(count_down_votes(primary, kTiming, kNow).count, 0U);
}

// --- Majorities -----------------------------------------------------------------------------------------------------

TEST(Majority, IsMoreThanHalfOfTheVoters) {
  EXPECT_EQ(election_majority(1, 1), 1U);
  EXPECT_EQ(election_majority(2, 1), 2U);
  EXPECT_EQ(election_majority(3, 1), 2U);
  EXPECT_EQ(election_majority(4, 2), 3U);
  EXPECT_EQ(election_majority(5, 2), 3U);
}

TEST(Majority, IsNoLessThanTheQuorum) {
  EXPECT_EQ(election_majority(3, 3), 3U);
  EXPECT_EQ(election_majority(5, 4), 4U);
}

// --- Tally ----------------------------------------------------------------------------------------------------------

TEST(Tally, CountsVotesOfExactlyItsEpoch) {
  Primary primary = primary_with_voters("bcde");
  primary.my_vote = {run_id('a'), Epoch{7}};
  add_voter(primary, 'b').vote = {run_id('a'), Epoch{7}};
  add_voter(primary, 'c').vote = {run_id('a'), Epoch{8}};  // of another election
  add_voter(primary, 'd').vote = {run_id('a'), Epoch{6}};
  const Tally tally = tally_votes(primary, Epoch{7});
  EXPECT_EQ(tally.votes_for(run_id('a')), 2U);
  EXPECT_EQ(tally.majority, 3U);
  EXPECT_FALSE(tally.is_elected(run_id('a')));
}

TEST(Tally, OurVoteForAnotherEpochIsNoVoteInThisOne) {
  Primary primary = primary_with_voters("bc");
  primary.my_vote = {run_id('a'), Epoch{6}};
  add_voter(primary, 'b').vote = {run_id('a'), Epoch{7}};
  EXPECT_FALSE(tally_votes(primary, Epoch{7}).is_elected(run_id('a')));
}

TEST(Tally, AVoteForNobodyKnownIsNone) {
  Primary primary = primary_with_voters("bc");
  primary.my_vote = {RunId{}, Epoch{7}};  // after a restart
  EXPECT_TRUE(tally_votes(primary, Epoch{7}).votes.empty());
}

TEST(Tally, VotersWhoHaveNotAnsweredMayStillDecide) {
  Primary primary = primary_with_voters("bc");
  primary.my_vote = {run_id('a'), Epoch{7}};
  EXPECT_EQ(tally_votes(primary, Epoch{7}).outstanding, 2U);
  EXPECT_TRUE(tally_votes(primary, Epoch{7}).someone_may_win());
}

TEST(Tally, VotersWhoHaveRefusedDecideNothing) {
  Primary primary = primary_with_voters("bc");
  primary.my_vote = {run_id('a'), Epoch{7}};
  for (const char id : {'b', 'c'}) {
    add_voter(primary, id).vote = {run_id('b'), Epoch{6}};
    add_voter(primary, id).refused_epoch = Epoch{7};
  }
  const Tally tally = tally_votes(primary, Epoch{7});
  EXPECT_EQ(tally.outstanding, 0U);
  EXPECT_FALSE(tally.someone_may_win());
}

TEST(Tally, OneWhoHasVotedAtAGreaterEpochMayHaveVotedAtThisOneBefore) {
  Primary primary = primary_with_voters("bc");
  primary.my_vote = {run_id('a'), Epoch{7}};
  for (const char id : {'b', 'c'}) add_voter(primary, id).vote = {run_id('b'), Epoch{8}};
  EXPECT_TRUE(tally_votes(primary, Epoch{7}).someone_may_win());
}

TEST(Tally, ARefusalOfAnEarlierEpochSaysNothingOfThisOne) {
  Primary primary = primary_with_voters("bc");
  primary.my_vote = {run_id('a'), Epoch{7}};
  for (const char id : {'b', 'c'}) add_voter(primary, id).refused_epoch = Epoch{6};
  EXPECT_TRUE(tally_votes(primary, Epoch{7}).someone_may_win());
}

TEST(Tally, ThreeWhoVoteForThemselvesElectNobody) {
  Primary primary = primary_with_voters("bc");
  primary.my_vote = {run_id('a'), Epoch{7}};
  add_voter(primary, 'b').vote = {run_id('b'), Epoch{7}};
  EXPECT_TRUE(tally_votes(primary, Epoch{7}).someone_may_win());
  add_voter(primary, 'c').vote = {run_id('c'), Epoch{7}};
  EXPECT_FALSE(tally_votes(primary, Epoch{7}).someone_may_win());
}

}  // namespace
}  // namespace vedette::core
