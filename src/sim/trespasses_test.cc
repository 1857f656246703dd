#include "sim/trespasses.h"

#include <gtest/gtest.h>

#include <vector>

namespace vedette::sim {
namespace {

class TrespassesOfSentinels : public ::testing::Test {
 protected:
  using Texts = std::vector<std::string>;

  Texts broken;
  Texts anomalies;
  Texts ambiguous;
  Trespasses trespasses{[this](const std::string& what) { broken.push_back(what); },
                        [this](const std::string& what) { anomalies.push_back(what); },
                        [this](const std::string& what) { ambiguous.push_back(what); }};
  Trespass order{"sentinel-0", false, "redis-1-1", false, Address{"10.2.0.1", 6379}, 7, true};
};

TEST_F(TrespassesOfSentinels, BreakAnInvariantWhereThereWasEvidence) {
  trespasses.judge(order);
  order.target.reset();
  order.keys = 0;
  trespasses.judge(order);
  EXPECT_EQ(broken, (Texts{"keys of another group were destroyed: sentinel-0 told redis-1-1, which has 7 keys to lose, "
                           "to follow 10.2.0.1:6379",
                           "a server of another group was given an order: sentinel-0 told redis-1-1 to lead"}));
  EXPECT_EQ(trespasses.ambiguous_orders(), 0U);
}

TEST_F(TrespassesOfSentinels, AreCountedWhereThereWasNone) {
  order.is_evident = false;
  trespasses.judge(order);
  trespasses.judge(order);
  EXPECT_EQ(trespasses.ambiguous_orders(), 2U);
  EXPECT_EQ(trespasses.destroyed_keys(), 14U);
  EXPECT_EQ(ambiguous.size(), 2U);
  EXPECT_TRUE(broken.empty());
}

TEST_F(TrespassesOfSentinels, OfTheOriginalsKindAreAnomalies) {
  order.of_stock = true;
  trespasses.judge(order);
  EXPECT_EQ(anomalies.size(), 1U);
  EXPECT_TRUE(broken.empty());
}

}  // namespace
}  // namespace vedette::sim
