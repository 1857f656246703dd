#include "core/stagger.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "base/rng.h"
#include "tests/support/model_server.h"

namespace vedette::core {
namespace {

using testing::run_id;

std::size_t rank_among(std::string_view primary, const RunId& self, const std::vector<RunId>& all) {
  std::vector<RunId> others;
  for (const RunId& id : all) {
    if (id != self) others.push_back(id);
  }
  return candidate_rank(primary, self, others);
}

TEST(Stagger, AllAgreeOnOneOrder) {
  const std::vector<RunId> all = {run_id('a'), run_id('b'), run_id('c'), run_id('d'), run_id('e')};
  std::set<std::size_t> ranks;
  for (const RunId& self : all) ranks.insert(rank_among("mymaster", self, all));
  EXPECT_EQ(ranks, (std::set<std::size_t>{0, 1, 2, 3, 4}));
}

TEST(Stagger, DoesNotDependOnTheOrderInWhichOthersAreKnown) {
  const std::vector<RunId> one_way = {run_id('b'), run_id('c'), run_id('d')};
  const std::vector<RunId> the_other = {run_id('d'), run_id('c'), run_id('b')};
  EXPECT_EQ(candidate_rank("mymaster", run_id('a'), one_way), candidate_rank("mymaster", run_id('a'), the_other));
}

TEST(Stagger, IsTheSameOnEveryMachineAndInEveryVersion) {
  EXPECT_EQ(rank_among("mymaster", run_id('c'), {run_id('a'), run_id('b'), run_id('c')}), 0U);
  EXPECT_EQ(rank_among("mymaster", run_id('b'), {run_id('a'), run_id('b'), run_id('c')}), 1U);
  EXPECT_EQ(rank_among("mymaster", run_id('a'), {run_id('a'), run_id('b'), run_id('c')}), 2U);
}

TEST(Stagger, OneAloneIsTheFirst) { EXPECT_EQ(candidate_rank("mymaster", run_id('a'), {}), 0U); }

TEST(Stagger, GrowsWithThePrimariesThatAreDown) {
  EXPECT_EQ(stretched(50ms, 1), 50ms);
  EXPECT_EQ(stretched(50ms, 24), 50ms);
  EXPECT_EQ(stretched(50ms, 100), 250ms);
  EXPECT_EQ(stretched(50ms, 5000), 2000ms);
}

// Where many primaries fail together nobody shall have to lead all of the failovers.
TEST(Stagger, SpreadsTheLeadershipOfManyPrimaries) {
  SplitMix64 random(1);
  std::vector<RunId> all;
  for (int i = 0; i < 3; ++i) {
    std::string hex;
    while (hex.size() < RunId::kLength) hex += "0123456789abcdef"[random.below(16)];
    all.push_back(RunId{hex});
  }
  int led_by_first = 0;
  for (int i = 0; i < 900; ++i) {
    if (rank_among("primary-" + std::to_string(i), all[0], all) == 0) ++led_by_first;
  }
  EXPECT_GT(led_by_first, 240);
  EXPECT_LT(led_by_first, 360);
}

}  // namespace
}  // namespace vedette::core
