#include "net/random.h"

#include <gtest/gtest.h>

#include <set>

namespace vedette::net {
namespace {

TEST(SystemRandom, NeverRepeatsAcrossManyDraws) {
  SystemRandom random;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random.next());
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(RandomRunId, IsAValidRunIdAndNewEachTime) {
  const RunId first = random_run_id();
  EXPECT_TRUE(parse_run_id(first.hex).ok());
  EXPECT_NE(first, random_run_id());
}

}  // namespace
}  // namespace vedette::net
