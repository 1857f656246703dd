#include "proto/names.h"

#include <gtest/gtest.h>

namespace vedette::proto {
namespace {

const Address kPrimary{"10.0.0.1", 6379};

// As in the log of redis-sentinel 7.0.
TEST(Describe, NamesInstancesAsTheOriginalDoes) {
  EXPECT_EQ(describe_primary("mymaster", kPrimary), "master mymaster 10.0.0.1 6379");
  EXPECT_EQ(describe_replica({"10.0.0.2", 6380}, "mymaster", kPrimary),
            "slave 10.0.0.2:6380 10.0.0.2 6380 @ mymaster 10.0.0.1 6379");
  EXPECT_EQ(describe_replica({"::1", 36103}, "mymaster", {"::1", 43117}),
            "slave [::1]:36103 ::1 36103 @ mymaster ::1 43117");
  const RunId id{std::string(RunId::kLength, 'a')};
  EXPECT_EQ(describe_sentinel(id, {"10.0.0.9", 26379}, "mymaster", kPrimary),
            "sentinel " + id.hex + " 10.0.0.9 26379 @ mymaster 10.0.0.1 6379");
}

}  // namespace
}  // namespace vedette::proto
