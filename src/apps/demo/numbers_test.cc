#include "apps/demo/numbers.h"

#include <gtest/gtest.h>

namespace vedette::demo {
namespace {

TEST(Numbers, AreGroupedByThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(-1000), "-1,000");
  EXPECT_EQ(grouped(-999), "-999");
  EXPECT_EQ(grouped(1234567), "1,234,567");
}

TEST(Numbers, OfThingsAgreeWithTheirNoun) {
  EXPECT_EQ(counted(0, "write"), "no writes");
  EXPECT_EQ(counted(1, "write"), "1 write");
  EXPECT_EQ(counted(4711, "write"), "4,711 writes");
}

TEST(Numbers, OfDurationsHaveTheirUnit) {
  EXPECT_EQ(in_millis(1234567us), "1,234 ms");
  EXPECT_EQ(in_seconds(12345ms), "12.3 s");
}

}  // namespace
}  // namespace vedette::demo
