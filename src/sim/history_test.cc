#include "sim/history.h"

#include <gtest/gtest.h>

namespace vedette::sim {
namespace {

class TreeOfHistories : public ::testing::Test {
 protected:
  Histories histories{SplitMix64(1)};
  std::size_t first = histories.begin(std::nullopt);
  std::size_t branch = histories.begin(Place{first, 500});  // promoted when it had 500 bytes of the first
};

TEST_F(TreeOfHistories, IncludeWhatWasWrittenBeforeThePlace) {
  EXPECT_TRUE(histories.includes({first, 700}, {first, 700}));
  EXPECT_FALSE(histories.includes({first, 700}, {first, 800}));
}

TEST_F(TreeOfHistories, IncludeOfAnAncestorWhatTheBranchHadOfIt) {
  EXPECT_TRUE(histories.includes({branch, 600}, {first, 500}));
  EXPECT_FALSE(histories.includes({branch, 600}, {first, 600})) << "written to the old primary after the promotion";
  EXPECT_FALSE(histories.includes({first, 900}, {branch, 600}));
}

TEST_F(TreeOfHistories, OfSiblingsIncludeNothingOfEachOther) {
  const std::size_t sibling = histories.begin(Place{first, 500});
  EXPECT_FALSE(histories.includes({sibling, 900}, {branch, 600}));
  EXPECT_FALSE(histories.includes({branch, 900}, {sibling, 600}));
}

TEST_F(TreeOfHistories, HaveOneKeyMoreWithEachWrite) {
  EXPECT_EQ(histories.keys_at({first, 0}), 0U);
  EXPECT_EQ(histories.keys_at({first, 500}), 5U);
  EXPECT_EQ(histories.keys_at({branch, 500}), 5U) << "those that it branched off with";
  EXPECT_EQ(histories.keys_at({branch, 700}), 7U);
  const Place other = histories.begin_with(1000, 7'000'000);
  EXPECT_EQ(histories.keys_at(other), 1000U);
  EXPECT_EQ(histories.keys_at({other.history, other.offset + 100}), 1001U);
}

TEST_F(TreeOfHistories, KnowWhoWroteThem) {
  histories.add_author(first, "one");
  histories.add_author(branch, "other");
  EXPECT_EQ(histories.authors_at({first, 700}), std::set<std::string>{"one"});
  EXPECT_EQ(histories.authors_at({branch, 700}), (std::set<std::string>{"one", "other"}));
}

TEST_F(TreeOfHistories, ThatBeginAnewHaveTheDataAndCountFromNothing) {
  const Place anew = histories.begin_anew({branch, 700});
  EXPECT_EQ(anew.offset, 0U);
  EXPECT_EQ(histories.keys_at(anew), 7U);
  EXPECT_NE(histories.replication_id(anew.history), histories.replication_id(branch));
  EXPECT_TRUE(histories.includes(anew, {branch, 700}));
  EXPECT_FALSE(histories.includes(anew, {branch, 800}));
  EXPECT_FALSE(histories.includes({branch, 700}, {anew.history, 100}));
}

TEST_F(TreeOfHistories, AreFoundByTheirReplicationId) {
  EXPECT_EQ(histories.find(histories.replication_id(branch)), branch);
  EXPECT_EQ(histories.find("none"), std::nullopt);
}

}  // namespace
}  // namespace vedette::sim
