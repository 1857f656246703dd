#include "sim/checker.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vedette::sim {
namespace {

class Checking : public ::testing::Test {
 protected:
  std::vector<std::string> broken;
  std::vector<std::string> anomalies;
  Checker checker{[this](const std::string& what) { broken.push_back(what); },
                  [this](const std::string& what) { anomalies.push_back(what); }};
};

TEST_F(Checking, CountsWhatStockSentinelsMayBreak) {
  checker.stock_elected(RunId{"a"}, "shop", Epoch{3});
  checker.stock_elected(RunId{"a"}, "shop", Epoch{3});
  checker.stock_configured("shop", Epoch{3}, {"10.0.0.2", 6379});
  EXPECT_TRUE(anomalies.empty());
  checker.stock_elected(RunId{"b"}, "shop", Epoch{3});
  checker.stock_elected(RunId{"b"}, "shop", Epoch{3});
  checker.stock_configured("shop", Epoch{3}, {"10.0.0.3", 6379});
  EXPECT_EQ(anomalies,
            (std::vector<std::string>{
                "two leaders of shop at epoch 3: a and b",
                "epoch 3 of shop names 10.0.0.2:6379 and, on a sentinel of the original's kind, 10.0.0.3:6379"}));
  EXPECT_EQ(checker.anomalies(), 2U);
  EXPECT_EQ(checker.elections(), 1U);
  EXPECT_TRUE(broken.empty());
}

TEST_F(Checking, CountsElectionsByVotesOfMixedEpochs) {
  checker.stock_mixed_epochs(RunId{"a"}, "shop", Epoch{3});
  EXPECT_EQ(anomalies, (std::vector<std::string>{"a leads shop at epoch 3 by votes of another"}));
  EXPECT_EQ(checker.anomalies(), 1U);
}

TEST_F(Checking, SeesAServerThatIsLedIntoAnotherGroup) {
  const std::vector<Address> group{{"10.0.0.1", 6379}, {"10.0.0.2", 6379}};
  checker.told_to_follow("redis", {"10.0.0.2", 6379}, group);
  EXPECT_TRUE(broken.empty());
  checker.told_to_follow("redis", {"10.9.0.2", 6379}, group);
  EXPECT_EQ(broken, (std::vector<std::string>{"redis was told to follow 10.9.0.2:6379, which is of another group"}));
}

}  // namespace
}  // namespace vedette::sim
