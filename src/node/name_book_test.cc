#include "node/name_book.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/link_world.h"

namespace vedette::node {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NameBookTest : public ::testing::Test {
 protected:
  static constexpr InstanceId kUser{7};

  void answer(const std::string& name, std::vector<std::string> ips) { book.resolved(now, name, ips); }
  void fail(const std::string& name) { book.resolved(now, name, Error{"nobody answers"}); }
  std::string target(const std::string& host) { return book.target({host, 6379}).host; }
  // "name=ip" of every change since the last call, with "!" if somebody was reached there.
  std::vector<std::string> changes() {
    std::vector<std::string> texts;
    for (const NameBook::Change& change : book.take_changes()) {
      texts.push_back(change.name + "=" + change.ip + (change.reached ? "!" : ""));
    }
    return texts;
  }
  void pass(Micros time) {
    now += time;
    book.on_timer(now);
  }

  Instant now{Seconds(1000)};
  testing::FakeResolver resolver;
  testing::FakeLogger logger;
  NameBook book{resolver, logger};
};

TEST_F(NameBookTest, LooksANameUpOnceForAllWhoUseIt) {
  book.use(now, "DB1.example", kUser);
  book.use(now, "db1.example", InstanceId{8});
  EXPECT_THAT(resolver.take(), ElementsAre("db1.example"));
  EXPECT_EQ(target("db1.example"), "db1.example") << "nowhere yet";
  answer("db1.example", {"10.0.0.1", "10.0.0.2"});
  EXPECT_EQ(target("DB1.example"), "10.0.0.1");
  const auto changed = book.take_changes();
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_THAT(changed[0].users, ElementsAre(kUser, InstanceId{8}));
}

TEST_F(NameBookTest, OnlyAnAnswerIsAWordOfIt) {
  book.use(now, "db1.example", kUser);
  EXPECT_TRUE(book.is_unheard_of("db1.example"));
  fail("db1.example");
  EXPECT_TRUE(book.is_unheard_of("db1.example"));
  pass(kNameRetryPause);
  answer("db1.example", {});
  EXPECT_FALSE(book.is_unheard_of("db1.example")) << "there is no such name, or not any more";
  pass(kNameRetryPause);
  fail("db1.example");
  EXPECT_FALSE(book.is_unheard_of("db1.example"));
}

TEST_F(NameBookTest, AddressesAreNoNames) {
  EXPECT_FALSE(book.is_unheard_of("10.0.0.1"));
  book.use(now, "10.0.0.1", kUser);
  EXPECT_TRUE(book.is_settled(now, "fe80::1"));
  EXPECT_TRUE(book.leads_somewhere("10.0.0.1"));
  EXPECT_EQ(target("10.0.0.1"), "10.0.0.1");
  EXPECT_THAT(resolver.take(), IsEmpty());
  EXPECT_EQ(book.next_deadline(), std::nullopt);
}

TEST_F(NameBookTest, TriesAllAddressesInTurn) {
  book.use(now, "db1", kUser);
  answer("db1", {"10.0.0.1", "10.0.0.2"});
  EXPECT_THAT(changes(), ElementsAre("db1=10.0.0.1"));
  book.missed(now, "db1", "10.0.0.1");
  book.missed(now, "db1", "10.0.0.1");  // the other link of the same server
  EXPECT_EQ(target("db1"), "10.0.0.2");
  EXPECT_THAT(changes(), IsEmpty()) << "nobody has been reached there";
  book.reached(now, "db1", "10.0.0.2");
  EXPECT_THAT(changes(), ElementsAre("db1=10.0.0.2!"));
  book.missed(now, "db1", "10.0.0.2");
  EXPECT_EQ(target("db1"), "10.0.0.1") << "and from the start";
}

TEST_F(NameBookTest, TellsOnceThatSomebodyWasReachedWhereANameLeads) {
  book.use(now, "db1", kUser);
  answer("db1", {"10.0.0.1"});
  EXPECT_THAT(changes(), ElementsAre("db1=10.0.0.1"));
  book.reached(now, "DB1", "10.0.0.1");
  EXPECT_THAT(changes(), ElementsAre("db1=10.0.0.1!"));
  book.reached(now, "db1", "10.0.0.1");
  EXPECT_THAT(changes(), IsEmpty());
  pass(kNameRefreshPeriod);
  answer("db1", {"10.0.0.9"});
  book.reached(now, "db1", "10.0.0.1");  // a link that was under way
  EXPECT_THAT(changes(), ElementsAre("db1=10.0.0.9"));
  book.reached(now, "db1", "10.0.0.9");
  EXPECT_THAT(changes(), ElementsAre("db1=10.0.0.9!"));
}

TEST_F(NameBookTest, StaysAtAnAddressAsLongAsTheNameHasIt) {
  book.use(now, "db1", kUser);
  answer("db1", {"10.0.0.1", "10.0.0.2"});
  book.reached(now, "db1", "10.0.0.1");
  changes();
  pass(kNameRefreshPeriod);
  answer("db1", {"10.0.0.2", "10.0.0.1"});
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_EQ(target("db1"), "10.0.0.1");
  pass(kNameRefreshPeriod);
  answer("db1", {"10.0.0.3", "10.0.0.2"});
  EXPECT_THAT(changes(), ElementsAre("db1=10.0.0.3"));
  EXPECT_EQ(target("db1"), "10.0.0.3");
}

TEST_F(NameBookTest, LooksUpAgainPeriodicallyAndWhenALinkFails) {
  book.use(now, "db1", kUser);
  answer("db1", {"10.0.0.1"});
  resolver.take();
  EXPECT_EQ(book.next_deadline(), now + kNameRefreshPeriod);
  book.lost(now, "db1");  // just looked up: not at once
  EXPECT_EQ(book.next_deadline(), now + kNameRetryPause);
  pass(kNameRetryPause);
  EXPECT_THAT(resolver.take(), ElementsAre("db1"));
  answer("db1", {"10.0.0.1"});
  pass(2 * kNameRetryPause);
  book.missed(now, "db1", "10.0.0.1");
  EXPECT_THAT(resolver.take(), ElementsAre("db1"));
}

// redis#8540, redis#9103: unresolvable at first, and never tried again.
TEST_F(NameBookTest, KeepsTryingANameThatLeadsNowhere) {
  book.use(now, "db1", kUser);
  fail("db1");
  EXPECT_TRUE(book.is_settled(now, "db1"));
  EXPECT_FALSE(book.leads_somewhere("db1"));
  ASSERT_EQ(logger.lines.size(), 1U);
  resolver.take();
  pass(kNameRetryPause);
  EXPECT_THAT(resolver.take(), ElementsAre("db1"));
  fail("db1");
  EXPECT_EQ(logger.lines.size(), 1U) << "said once";
  pass(kNameRetryPause);
  answer("db1", {"10.0.0.1"});
  EXPECT_THAT(changes(), ElementsAre("db1=10.0.0.1"));
}

TEST_F(NameBookTest, KeepsTheLastAddressesWhenALookupFails) {
  book.use(now, "db1", kUser);
  answer("db1", {"10.0.0.1"});
  changes();
  pass(kNameRefreshPeriod);
  fail("db1");
  EXPECT_EQ(target("db1"), "10.0.0.1");
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(NameBookTest, NobodyWaitsForLongForADeadNameServer) {
  EXPECT_FALSE(book.is_settled(now, "db1"));
  pass(kNamePatience - 1us);
  EXPECT_FALSE(book.is_settled(now, "db1"));
  pass(1us);
  EXPECT_TRUE(book.is_settled(now, "db1"));
  EXPECT_FALSE(book.leads_somewhere("db1"));
  answer("db1", {"10.0.0.1"});  // late, and welcome
  EXPECT_TRUE(book.leads_somewhere("db1"));
}

TEST_F(NameBookTest, AnOrderWantsToKnowAfresh) {
  book.is_settled(now, "db1");
  fail("db1");
  resolver.take();
  EXPECT_FALSE(book.is_settled_afresh(now, "db1"));
  EXPECT_THAT(resolver.take(), ElementsAre("db1"));
  answer("db1", {"10.0.0.1"});
  EXPECT_TRUE(book.is_settled_afresh(now, "db1"));
}

TEST_F(NameBookTest, ForgetsWhatWasOnlyMentioned) {
  book.is_settled(now, "db1");
  answer("db1", {"10.0.0.1"});
  EXPECT_THAT(changes(), ElementsAre("db1=10.0.0.1"));
  for (Micros time{0}; time < kMentionMemory; time += kNameRefreshPeriod) {
    pass(kNameRefreshPeriod);
    if (time + kNameRefreshPeriod < kMentionMemory) answer("db1", {"10.0.0.1"});
  }
  EXPECT_THAT(changes(), ElementsAre("db1="));
  EXPECT_EQ(book.next_deadline(), std::nullopt);
}

TEST_F(NameBookTest, AtMostSoManyLookupsAreUnderWay) {
  for (std::size_t i = 0; i <= kMaxLookups; ++i) book.use(now, fmt::format("db{}", i), InstanceId{i});
  EXPECT_EQ(resolver.take().size(), kMaxLookups);
  answer("db0", {"10.0.0.1"});
  EXPECT_THAT(resolver.take(), ElementsAre(fmt::format("db{}", kMaxLookups)));
}

TEST_F(NameBookTest, AtMostSoManyNamesAreKeptOnlyBecauseTheyWereMentioned) {
  for (std::size_t i = 0; i < kMaxMentionedNames; ++i) EXPECT_FALSE(book.is_settled(now, fmt::format("db{}", i)));
  EXPECT_THAT(logger.lines, IsEmpty());
  EXPECT_TRUE(book.is_settled(now, "another")) << "it stands for itself";
  EXPECT_EQ(logger.lines.size(), 1U);
  book.use(now, "used", kUser);  // there is always room for what is used
  for (std::size_t i = 0; i < kMaxMentionedNames; ++i) answer(fmt::format("db{}", i), {"10.0.0.1"});
  EXPECT_EQ(resolver.asked.back(), "used");
}

TEST_F(NameBookTest, AtMostSoManyNamesAreUsed) {
  for (std::size_t i = 0; i < kMaxUsedNames; ++i) book.use(now, fmt::format("db{}", i), InstanceId{i});
  EXPECT_THAT(logger.lines, IsEmpty());
  book.use(now, "another", kUser);
  EXPECT_EQ(logger.lines.size(), 1U);
  book.release("db0", InstanceId{0});
  book.use(now, "another", kUser);
  EXPECT_FALSE(book.is_settled(now, "another")) << "there is room again";
}

TEST_F(NameBookTest, OfManyAddressesTheFirstAreKept) {
  book.use(now, "db1", kUser);
  std::vector<std::string> ips;
  for (std::size_t i = 0; i <= kMaxAddressesPerName; ++i) ips.push_back(fmt::format("10.0.0.{}", i));
  answer("db1", ips);
  for (std::size_t i = 0; i < kMaxAddressesPerName; ++i) book.missed(now, "db1", ips[i]);
  EXPECT_EQ(target("db1"), "10.0.0.0");
}

}  // namespace
}  // namespace vedette::node
