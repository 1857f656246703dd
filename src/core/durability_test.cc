#include "core/durability.h"

#include <gtest/gtest.h>

namespace vedette::core {
namespace {

constexpr Instant kNow{100s};
const Timing kTiming;

AnswerPeer vote_for_b(std::uint64_t token) {
  return {AnswerToken{token}, {true, RunId{std::string(40, 'b')}, Epoch{3}}};
}

class Saves : public ::testing::Test {
 protected:
  void answer(std::uint64_t token, Revision needs) {
    durability.answer(effects, vote_for_b(token), needs, kNow, kTiming);
  }
  void finish(Revision revision, bool succeeded, Instant now = kNow) {
    durability.finish_save(effects, revision, succeeded, now, kTiming);
  }
  // The vote in the answer to this question; nullopt if it was not answered.
  std::optional<Epoch> answered(std::uint64_t token) const {
    for (const Effect& effect : effects) {
      const auto* answer = std::get_if<AnswerPeer>(&effect);
      if (answer != nullptr && answer->token == AnswerToken{token}) return answer->reply.leader_epoch;
    }
    return std::nullopt;
  }
  static constexpr Epoch kGiven{3};
  static constexpr Epoch kWithheld{0};

  Durability durability;
  std::vector<Effect> effects;
};

TEST_F(Saves, NothingHasToBeSavedAtFirst) {
  EXPECT_FALSE(durability.wants_save(kNow));
  EXPECT_EQ(durability.next_deadline(), std::nullopt);
}

TEST_F(Saves, WhatIsDurableIsAnsweredAtOnce) {
  answer(1, Revision{});
  EXPECT_EQ(answered(1), kGiven);
}

TEST_F(Saves, WhatIsNotIsAnsweredWhenItIs) {
  answer(1, durability.epoch_changed());
  EXPECT_EQ(answered(1), std::nullopt);
  EXPECT_TRUE(durability.wants_save(kNow));
  finish(durability.begin_save().revision, true);
  EXPECT_EQ(answered(1), kGiven);
  EXPECT_FALSE(durability.wants_save(kNow));
}

TEST_F(Saves, ChangesBeforeASaveShareIt) {
  const Revision first = durability.epoch_changed();
  EXPECT_EQ(durability.epoch_changed(), first);
}

TEST_F(Saves, ChangesDuringASaveGoIntoTheNext) {
  durability.epoch_changed();
  const Revision saving = durability.begin_save().revision;
  const Revision later = durability.epoch_changed();
  EXPECT_GT(later, saving);
  EXPECT_EQ(durability.epoch_changed(), later);
  answer(1, later);
  EXPECT_FALSE(durability.wants_save(kNow));  // one at a time
  finish(saving, true);
  EXPECT_EQ(answered(1), std::nullopt);
  EXPECT_TRUE(durability.wants_save(kNow));
  finish(durability.begin_save().revision, true);
  EXPECT_EQ(answered(1), kGiven);
}

TEST_F(Saves, AFailureWithholdsTheVoteAndPausesBeforeTheNextAttempt) {
  answer(1, durability.epoch_changed());
  finish(durability.begin_save().revision, false);
  EXPECT_EQ(answered(1), kWithheld);
  EXPECT_FALSE(durability.wants_save(kNow + 999ms));
  EXPECT_EQ(durability.next_deadline(), kNow + 1s);
  EXPECT_TRUE(durability.wants_save(kNow + 1s));
}

TEST_F(Saves, WhatFailedIsSavedByALaterAttempt) {
  const Revision vote = durability.epoch_changed();
  finish(durability.begin_save().revision, false);
  EXPECT_FALSE(durability.is_durable(vote));
  finish(durability.begin_save().revision, true);
  EXPECT_TRUE(durability.is_durable(vote));
}

TEST_F(Saves, AVoteThatWaitsTooLongIsWithheld) {
  answer(1, durability.epoch_changed());
  EXPECT_EQ(durability.next_deadline(), Instant{});  // the save is wanted at once
  durability.begin_save();
  EXPECT_EQ(durability.next_deadline(), kNow + 500ms);
  durability.expire(effects, kNow + 499ms);
  EXPECT_EQ(answered(1), std::nullopt);
  durability.expire(effects, kNow + 500ms);
  EXPECT_EQ(answered(1), kWithheld);
  EXPECT_EQ(durability.next_deadline(), std::nullopt);
}

TEST_F(Saves, TheOpinionIsToldEvenIfTheVoteIsWithheld) {
  answer(1, durability.epoch_changed());
  finish(durability.begin_save().revision, false);
  EXPECT_TRUE(std::get<AnswerPeer>(effects.at(0)).reply.down);
}

TEST_F(Saves, NoMoreVotesAreHeldThanTheLimit) {
  const Revision revision = durability.epoch_changed();
  for (std::size_t i = 0; i < Durability::kMaxHeld; ++i) answer(i, revision);
  EXPECT_TRUE(effects.empty());
  answer(Durability::kMaxHeld, revision);
  EXPECT_EQ(effects.size(), 1U);
  EXPECT_EQ(answered(Durability::kMaxHeld), kWithheld);
  finish(durability.begin_save().revision, true);
  EXPECT_EQ(effects.size(), Durability::kMaxHeld + 1);
  EXPECT_EQ(answered(0), kGiven);
}

TEST_F(Saves, AnOrderWaitsAsLongAsItTakes) {
  durability.answer(effects, AnswerOrder{AnswerToken{1}, Ok{}, 2}, durability.epoch_changed());
  durability.begin_save();
  durability.expire(effects, kNow + 1h);
  EXPECT_TRUE(effects.empty());
  finish(durability.latest(), true);
  const auto& answer = std::get<AnswerOrder>(effects.at(0));
  EXPECT_TRUE(answer.result.ok());
  EXPECT_EQ(answer.count, 2);
}

TEST_F(Saves, AnOrderThatCannotBeSavedHasFailed) {
  durability.answer(effects, AnswerOrder{AnswerToken{1}, Ok{}}, durability.epoch_changed());
  finish(durability.begin_save().revision, false);
  EXPECT_EQ(std::get<AnswerOrder>(effects.at(0)).result.error().message,
            "ERR Failed to save config file. Check server logs.");
}

Primary primary_with_unit(std::string name, InstanceId unit) {
  Primary primary;
  primary.name = std::move(name);
  primary.unit = unit;
  return primary;
}

TEST_F(Saves, RulesThatWaitAreRunWhenWhatTheyWaitForIsDurable) {
  durability.changed_and_waits(primary_with_unit("a", InstanceId{7}));
  const Revision saving = durability.begin_save().revision;
  durability.changed_and_waits(primary_with_unit("b", InstanceId{8}));
  EXPECT_TRUE(durability.take_served().empty());
  finish(saving, true);
  EXPECT_EQ(durability.take_served(), std::vector{InstanceId{7}});
  EXPECT_TRUE(durability.take_served().empty());
  finish(durability.begin_save().revision, true);
  EXPECT_EQ(durability.take_served(), std::vector{InstanceId{8}});
}

using Names = std::set<std::string>;

TEST_F(Saves, ASaveNamesThePrimariesThatHaveChangedSinceTheLastOne) {
  durability.changed("a");
  durability.epoch_changed();
  durability.changed("b");
  const Save first = durability.begin_save();
  EXPECT_EQ(first.primaries, (Names{"a", "b"}));
  EXPECT_FALSE(first.everything);
  durability.changed("c");
  finish(first.revision, true);
  EXPECT_EQ(durability.begin_save().primaries, Names{"c"});
}

TEST_F(Saves, TheSaveAfterOneThatFailedBringsWhatThatHasNot) {
  durability.changed("a");
  durability.everything_changed();
  const Save failed = durability.begin_save();
  durability.changed("b");
  finish(failed.revision, false);
  const Save second = durability.begin_save();
  EXPECT_EQ(second.primaries, (Names{"a", "b"}));
  EXPECT_TRUE(second.everything);
}

}  // namespace
}  // namespace vedette::core
