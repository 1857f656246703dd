#include "base/ids.h"

#include <gtest/gtest.h>

namespace vedette {
namespace {

TEST(RunId, IsFortyHexadecimalDigits) {
  EXPECT_TRUE(parse_run_id(std::string(40, 'a')).ok());
  EXPECT_TRUE(parse_run_id(std::string(40, 'F')).ok());
  EXPECT_FALSE(parse_run_id(std::string(39, 'a')).ok());
  EXPECT_FALSE(parse_run_id(std::string(41, 'a')).ok());
  EXPECT_FALSE(parse_run_id(std::string(39, 'a') + "g").ok());
  EXPECT_FALSE(parse_run_id("").ok());
}

TEST(Address, IsShownWithBracketsWhereNeeded) {
  EXPECT_EQ(to_string(Address{"10.0.0.1", 6379}), "10.0.0.1:6379");
  EXPECT_EQ(to_string(Address{"::1", 6379}), "[::1]:6379");
}

}  // namespace
}  // namespace vedette
