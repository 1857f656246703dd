#include "sim/checker.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vedette::sim {
namespace {

const Watched kShop{0, "shop"};

class Checking : public ::testing::Test {
 protected:
  std::vector<std::string> broken;
  std::vector<std::string> anomalies;
  Checker checker{[this](const std::string& what) { broken.push_back(what); },
                  [this](const std::string& what) { anomalies.push_back(what); }};
};

TEST_F(Checking, CountsWhatStockSentinelsMayBreak) {
  checker.stock_leads(RunId{"a"}, kShop, Epoch{3}, true);
  checker.stock_leads(RunId{"a"}, kShop, Epoch{3}, true);
  checker.stock_configured(kShop, Epoch{3}, {"10.0.0.2", 6379});
  EXPECT_TRUE(anomalies.empty());
  checker.stock_leads(RunId{"b"}, kShop, Epoch{3}, true);
  checker.stock_leads(RunId{"b"}, kShop, Epoch{3}, true);
  checker.stock_configured(kShop, Epoch{3}, {"10.0.0.3", 6379});
  EXPECT_EQ(anomalies,
            (std::vector<std::string>{
                "two leaders of shop at epoch 3: a and b",
                "epoch 3 of shop names 10.0.0.2:6379 and, on a sentinel of the original's kind, 10.0.0.3:6379"}));
  EXPECT_EQ(checker.anomalies(), 2U);
  EXPECT_EQ(checker.elections(), 1U);
  EXPECT_TRUE(broken.empty());
}

TEST_F(Checking, DoesNotCallAnOrderWithoutAMajorityAnElection) {
  checker.stock_leads(RunId{"a"}, kShop, Epoch{3}, false);
  EXPECT_EQ(checker.elections(), 0U);
}

TEST_F(Checking, CountsElectionsByVotesOfMixedEpochs) {
  checker.stock_mixed_epochs(RunId{"a"}, kShop, Epoch{3});
  EXPECT_EQ(anomalies, (std::vector<std::string>{"a leads shop at epoch 3 by votes of another"}));
  EXPECT_EQ(checker.anomalies(), 1U);
}

TEST_F(Checking, CountsOnlyThoseWhoSawTheSameServerDownLately) {
  const Address first{"10.0.0.1", 6379};
  const Address second{"10.0.0.2", 6379};
  const Instant now{std::chrono::seconds(1000)};
  checker.stock_saw_down("a", kShop, first, now);
  checker.stock_saw_down("a", kShop, first, now);
  checker.stock_saw_down("b", kShop, first, now - Checker::kOpinionLife);
  checker.stock_saw_down("c", kShop, first, now - Checker::kOpinionLife - Micros{1});
  checker.stock_saw_down("d", kShop, second, now);
  checker.stock_saw_down("e", Watched{0, "store"}, first, now);
  EXPECT_EQ(checker.count_witnesses(kShop, first, now), 2U);
  EXPECT_EQ(checker.count_witnesses(kShop, second, now), 1U);
}

// Two servers of one group, of which the second was promoted at 100 s.
class CheckingOrders : public Checking {
 protected:
  static constexpr Instant kPromoted{std::chrono::seconds(100)};

  CheckingOrders() {
    checker.know_server(kSecond, [] { return Role{true, kPromoted}; });
  }
  void tell(const Address& target, Micros after_promotion, const std::string& by = "sentinel") {
    checker.told_to_follow({"redis", kSecond, target, by}, kShop, {kFirst, kSecond}, kPromoted + after_promotion);
  }

  const Address kFirst{"10.0.0.1", 6379};
  const Address kSecond{"10.0.0.2", 6379};
};

TEST_F(CheckingOrders, SeesAServerThatIsLedIntoAnotherGroup) {
  tell(kFirst, Micros{0});
  EXPECT_TRUE(broken.empty());
  tell({"10.9.0.2", 6379}, Micros{0});
  EXPECT_EQ(broken, (std::vector<std::string>{"redis was told to follow 10.9.0.2:6379, which is of another group"}));
}

TEST_F(CheckingOrders, SeesAServerThatIsToFollowItself) {
  tell(kSecond, Micros{0}, "");
  EXPECT_TRUE(broken.empty()) << "nobody of ours said so";
  checker.know_host("10.0.0.22", kSecond.host);
  tell({"10.0.0.22", 6379}, Micros{0});  // where it lived before it moved
  EXPECT_EQ(broken, (std::vector<std::string>{"redis was told by sentinel to follow itself"}));
}

TEST_F(CheckingOrders, SeesAPromotionThatIsTakenBackTooSoon) {
  checker.stock_configured(kShop, Epoch{3}, kFirst);
  tell(kFirst, Micros{0});
  EXPECT_TRUE(broken.empty()) << "the newest configuration names another";
  checker.stock_configured(kShop, Epoch{4}, kSecond);
  tell(kFirst, Checker::kCorrectionPatience);
  tell(kFirst, Micros{0}, "");
  EXPECT_TRUE(broken.empty()) << "there was time to hear of it, and who is not of ours may do what it wants";
  tell(kFirst, Checker::kCorrectionPatience - Micros{1});
  EXPECT_EQ(broken, (std::vector<std::string>{"redis was told by sentinel to follow 10.0.0.1:6379, though the newest "
                                              "configuration, of epoch 4, names it"}));
}

// Two fleets watch a primary of one name each, at hosts of their own.
class CheckingFleets : public Checking {
 protected:
  CheckingFleets() {
    checker.know_sentinel("10.1.0.1", 0);
    checker.know_sentinel("10.1.1.1", 1);
    checker.know_host(kOurs.host, "ours", 0);
    checker.know_host(kTheirs.host, "theirs", 1);
  }

  const Watched kTheirShop{1, "shop"};
  const Address kOurs{"10.0.0.1", 6379};
  const Address kTheirs{"10.0.1.1", 6379};
};

TEST_F(CheckingFleets, KeepsWhatIsOfOneNameApart) {
  checker.stock_configured(kShop, Epoch{3}, kOurs);
  checker.stock_configured(kTheirShop, Epoch{3}, kTheirs);
  checker.stock_leads(RunId{"a"}, kShop, Epoch{3}, true);
  checker.stock_leads(RunId{"b"}, kTheirShop, Epoch{3}, true);
  EXPECT_EQ(checker.configurations(), 2U);
  EXPECT_EQ(checker.elections(), 2U);
  EXPECT_TRUE(broken.empty());
  EXPECT_TRUE(anomalies.empty());
}

TEST_F(CheckingFleets, SeesAConfigurationOfAnotherGroup) {
  checker.stock_configured(kShop, Epoch{3}, kTheirs);
  EXPECT_EQ(broken, (std::vector<std::string>{"a configuration names another group's server: that of epoch 3 of shop, "
                                              "on a sentinel of the original's kind, theirs:6379"}));
}

TEST_F(CheckingFleets, KnowsWhomEachMeansByAnAddressThatTheyShare) {
  checker.know_host(kOurs.host, "theirs", 1);  // it has come up where ours was
  checker.stock_saw_down("a", kShop, kOurs, Instant{});
  checker.stock_saw_down("b", kTheirShop, kTheirs, Instant{});
  EXPECT_EQ(checker.count_witnesses(kTheirShop, kOurs, Instant{}), 1U) << "wherever it lives it is one server";
  EXPECT_EQ(checker.count_witnesses(kShop, kOurs, Instant{}), 1U);
  checker.stock_configured(kShop, Epoch{3}, kOurs);
  EXPECT_TRUE(broken.empty()) << "they mean their own";
  checker.stock_configured(kTheirShop, Epoch{4}, kOurs);
  checker.stock_configured(kShop, Epoch{4}, kOurs);
  EXPECT_EQ(broken.size(), 1U) << "they have it from the others";
}

TEST_F(CheckingFleets, DoesNotTakeWhoLivesWhereAServerOnceDidForThatServer) {
  checker.know_host(kTheirs.host, "ours", 0);    // it was there for a while
  checker.know_host(kOurs.host, "ours", 0);      // and went home
  checker.know_host(kTheirs.host, "theirs", 1);  // as did the other
  checker.told_to_follow({"ours", kOurs, kTheirs, "sentinel"}, kShop, {kOurs}, Instant{});
  EXPECT_TRUE(broken.empty()) << "it is another server, and judged as that";
}

TEST_F(CheckingFleets, LeavesAServerToWhoTookItInUntilItBeginsANewLife) {
  checker.take_in("theirs", 0);
  checker.stock_configured(kShop, Epoch{3}, kTheirs);
  EXPECT_TRUE(broken.empty());
  checker.know_host(kTheirs.host, "theirs", 1);  // it begins anew
  checker.stock_configured(kShop, Epoch{4}, kTheirs);
  EXPECT_EQ(broken.size(), 1U);
}

TEST_F(CheckingFleets, CountsWhatComesOfStockSentinelsThatMixGroups) {
  checker.stock_adopted(kShop, Epoch{3}, kOurs);
  EXPECT_TRUE(anomalies.empty());
  checker.stock_adopted(kShop, Epoch{3}, kTheirs);
  checker.stock_configured(kShop, Epoch{4}, kTheirs);
  EXPECT_EQ(anomalies.size(), 2U);
  EXPECT_TRUE(broken.empty());
}

}  // namespace
}  // namespace vedette::sim
