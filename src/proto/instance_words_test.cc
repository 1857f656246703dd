#include "proto/instance_words.h"

#include <gtest/gtest.h>

namespace vedette::proto {
namespace {

TEST(FormatFlags, IsInTheOrderOfTheWireHoweverTheyWereSet) {
  Flags all;
  for (std::size_t flag = 0; flag < static_cast<std::size_t>(Flag::kCount); ++flag) all.set(static_cast<Flag>(flag));
  EXPECT_EQ(format_flags(all),
            "s_down,o_down,master,slave,sentinel,disconnected,master_down,failover_in_progress,promoted,reconf_sent,"
            "reconf_inprog,reconf_done,force_failover,script_kill_sent,master_reboot");
  EXPECT_EQ(format_flags(Flags().set(Flag::kDisconnected).set(Flag::kPrimary)), "master,disconnected");
}

TEST(FormatFlags, ShowsOnlyWhatIsSet) {
  EXPECT_EQ(format_flags(Flags()), "");
  EXPECT_EQ(format_flags(Flags().set(Flag::kReplica, true).set(Flag::kPromoted, false)), "slave");
}

}  // namespace
}  // namespace vedette::proto
