#include "base/secret.h"

#include <gtest/gtest.h>

#include <string>

namespace vedette {
namespace {

TEST(Secret, EqualsOnlyItself) {
  EXPECT_TRUE(equals_in_constant_time("secret", "secret"));
  EXPECT_TRUE(equals_in_constant_time("", ""));
  EXPECT_FALSE(equals_in_constant_time("secreT", "secret"));
  EXPECT_FALSE(equals_in_constant_time("", "secret"));
  EXPECT_FALSE(equals_in_constant_time("secret", ""));
}

TEST(Secret, DoesNotTakeAPrefixOrARepetitionForTheWhole) {
  EXPECT_FALSE(equals_in_constant_time("sec", "secret"));
  EXPECT_FALSE(equals_in_constant_time("secretsecret", "secret"));
  EXPECT_FALSE(equals_in_constant_time(std::string(2, '\0'), ""));
}

}  // namespace
}  // namespace vedette
