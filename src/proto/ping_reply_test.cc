#include "proto/ping_reply.h"

#include <gtest/gtest.h>

namespace vedette::proto {
namespace {

using resp::Type;

PingReply classify(Type type, std::string text) {
  return classify_ping_reply(resp::Value{.type = type, .text = std::move(text)});
}

// Error texts of redis-server 7.0.
TEST(PingReply, IsToldByItsCode) {
  EXPECT_EQ(classify(Type::kSimpleString, "PONG"), PingReply::kPong);
  EXPECT_EQ(classify(Type::kError, "LOADING Redis is loading the dataset in memory"), PingReply::kLoading);
  EXPECT_EQ(classify(Type::kError, "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."),
            PingReply::kPrimaryDown);
  EXPECT_EQ(
      classify(Type::kError, "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE."),
      PingReply::kBusy);
  EXPECT_EQ(classify(Type::kError, "MISCONF Redis is configured to save RDB snapshots, but it's unable to persist"),
            PingReply::kMisconfigured);
  EXPECT_EQ(classify(Type::kError, "NOAUTH Authentication required."), PingReply::kUnauthorized);
  EXPECT_EQ(classify(Type::kError, "WRONGPASS invalid username-password pair or user is disabled."),
            PingReply::kUnauthorized);
  EXPECT_EQ(classify(Type::kError, "NOPERM User x has no permissions to run the 'ping' command"),
            PingReply::kUnauthorized);
  EXPECT_EQ(classify(Type::kError, "BUSY"), PingReply::kBusy);
}

TEST(PingReply, IsOtherwiseUnexpected) {
  EXPECT_EQ(classify(Type::kError, "ERR unknown command"), PingReply::kOther);
  EXPECT_EQ(classify(Type::kError, "BUSYGROUP Consumer Group name already exists"), PingReply::kOther);
  EXPECT_EQ(classify(Type::kError, "PONG"), PingReply::kOther);
  EXPECT_EQ(classify(Type::kError, ""), PingReply::kOther);
  EXPECT_EQ(classify(Type::kSimpleString, "LOADING"), PingReply::kOther);
  EXPECT_EQ(classify(Type::kInteger, ""), PingReply::kOther);
  EXPECT_EQ(classify(Type::kNull, ""), PingReply::kOther);
}

TEST(PingReply, OnlyThreeAreSignsOfLife) {
  for (int reply = 0; reply <= static_cast<int>(PingReply::kOther); ++reply) {
    const auto each = static_cast<PingReply>(reply);
    const bool is_alive = each == PingReply::kPong || each == PingReply::kLoading || each == PingReply::kPrimaryDown;
    EXPECT_EQ(is_sign_of_life(each), is_alive) << to_string(each);
    EXPECT_FALSE(to_string(each).empty());
  }
}

}  // namespace
}  // namespace vedette::proto
