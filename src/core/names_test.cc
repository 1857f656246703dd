#include "core/names.h"

#include <gtest/gtest.h>

namespace vedette::core {
namespace {

const Address kNamed{"DB1.example", 6379};
const Address kByIp{"10.0.0.1", 6379};

TEST(Names, ThatLeadToOneAddressAreOnePlace) {
  Names names;
  EXPECT_FALSE(names.same(kNamed, kByIp));
  names.lead("db1.example", "10.0.0.1", false);
  EXPECT_TRUE(names.same(kNamed, kByIp));
  EXPECT_FALSE(names.same(kNamed, {"10.0.0.1", 6380}));
  names.lead("alias", "10.0.0.1", false);
  EXPECT_FALSE(names.same(kNamed, {"alias", 6379})) << "nobody may be there";
  names.lead("alias", "10.0.0.1", true);
  EXPECT_TRUE(names.same(kNamed, {"alias", 6379}));
  EXPECT_TRUE(names.same({"alias", 6379}, kNamed));
  names.lead("alias", "10.0.0.2", false);
  EXPECT_FALSE(names.same(kNamed, {"alias", 6379}));
  names.lead("DB1.example", "", false);
  EXPECT_FALSE(names.same(kNamed, kByIp));
}

// redis#11241
TEST(Names, ThatLeadNowhereStandForThemselvesInAnyCase) {
  const Names names;
  EXPECT_TRUE(names.same(kNamed, {"db1.EXAMPLE", 6379}));
  EXPECT_FALSE(names.same(kNamed, {"db2.example", 6379}));
}

TEST(Names, AreIdenticalOnlyIfTheyAreOneName) {
  Names names;
  names.lead("db1.example", "10.0.0.1", true);
  names.lead("alias", "10.0.0.1", true);
  EXPECT_TRUE(names.identical(kNamed, {"db1.EXAMPLE", 6379}));
  EXPECT_FALSE(names.identical(kNamed, {"db1.example", 6380}));
  EXPECT_FALSE(names.identical(kNamed, {"alias", 6379})) << "one of them may be out of date";
  EXPECT_TRUE(names.identical(kNamed, kByIp));
  EXPECT_TRUE(names.identical(kByIp, kNamed));
  EXPECT_FALSE(names.identical(kNamed, {"10.0.0.2", 6379}));
  names.lead("db1.example", "10.0.0.2", false);
  EXPECT_TRUE(names.same(kNamed, {"10.0.0.2", 6379}));
  EXPECT_FALSE(names.identical(kNamed, {"10.0.0.2", 6379})) << "nobody has found it there";
  names.lead("db1.example", "10.0.0.2", true);
  EXPECT_TRUE(names.identical(kNamed, {"10.0.0.2", 6379}));
}

TEST(Names, AreShownOnlyWhenTheyAreToBeAnnounced) {
  Names names;
  EXPECT_EQ(names.shown(kNamed), kNamed) << "better than nothing";
  names.lead("db1.example", "10.0.0.1", false);
  EXPECT_EQ(names.shown(kNamed), kByIp);
  EXPECT_EQ(names.shown(kByIp), kByIp);
  names.naming.announce = true;
  EXPECT_EQ(names.shown(kNamed), kNamed);
}

TEST(Names, AreShownWhereTheyWereReachedUntilTheyAreReachedElsewhere) {
  Names names;
  names.lead("db1.example", "10.0.0.1", true);
  names.lead("db1.example", "10.0.0.9", false);
  EXPECT_EQ(names.shown(kNamed), kByIp);
  EXPECT_EQ(names.asked_about(kNamed), (Address{"10.0.0.9", 6379}));
  EXPECT_FALSE(names.same(kNamed, kByIp)) << "for ourselves it is where the name server says";
  names.lead("db1.example", "10.0.0.9", true);
  EXPECT_EQ(names.shown(kNamed), (Address{"10.0.0.9", 6379}));
  names.lead("db1.example", "", false);
  EXPECT_EQ(names.shown(kNamed), kNamed);
}

TEST(Names, AreAskedAboutAsTheyAreAnnounced) {
  Names names;
  EXPECT_EQ(names.asked_about(kNamed), kNamed);
  names.lead("db1.example", "10.0.0.1", false);
  EXPECT_EQ(names.asked_about(kNamed), kByIp);
  names.naming.announce = true;
  EXPECT_EQ(names.asked_about(kNamed), kNamed);
}

TEST(Names, AreOfUseOnlyWhereTheyAreResolved) {
  Names names;
  EXPECT_FALSE(names.usable(kNamed));
  EXPECT_TRUE(names.usable(kByIp));
  names.naming.resolve = true;
  EXPECT_TRUE(names.usable(kNamed));
}

}  // namespace
}  // namespace vedette::core
