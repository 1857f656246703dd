#include "proto/link_name.h"

#include <gtest/gtest.h>

namespace vedette::proto {
namespace {

const RunId kId{"94ae46a60c7cff8c3f1436fe02ca28b33fe26a11"};

TEST(LinkName, IsThatOfTheOriginal) {
  EXPECT_EQ(link_name(kId, LinkPurpose::kCommands), "sentinel-94ae46a6-cmd");
  EXPECT_EQ(link_name(kId, LinkPurpose::kSubscription), "sentinel-94ae46a6-pubsub");
}

TEST(LinkName, TellsWhoCalls) {
  EXPECT_EQ(sentinel_digits("sentinel-94ae46a6-cmd"), "94ae46a6");
  EXPECT_EQ(sentinel_digits("sentinel-94ae46a6-pubsub"), "94ae46a6");
  for (const char* name : {"", "sentinel-", "sentinel-94ae46a6", "sentinel-94ae46a-cmd", "sentinel-94ae46a60-cmd",
                           "sentinel-94ae46ag-cmd", "sentinel-94ae46a6-cmd2", "sentinel-94ae46a6-", "94ae46a6-cmd"}) {
    EXPECT_EQ(sentinel_digits(name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace vedette::proto
