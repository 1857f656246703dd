#include "node/settings_map.h"

#include <gtest/gtest.h>

namespace vedette::node {
namespace {

// Every setting differs from its default, so that one that is forgotten shows.
conf::MonitoredPrimary unusual() {
  conf::MonitoredPrimary primary;
  primary.quorum = 5;
  primary.down_after = 1234ms;
  primary.failover_timeout = 60000ms;
  primary.parallel_syncs = 3;
  primary.reboot_down_after = 77ms;
  primary.fast_down_after = 33ms;
  primary.corroborate_with_replicas = true;
  primary.require_lineage = true;
  primary.relay = true;
  primary.auth_user = "watcher";
  primary.auth_pass = "secret";
  primary.notification_script = "/n.sh";
  primary.client_reconfig_script = "/c.sh";
  primary.renamed_commands = {{"CONFIG", "hidden"}};
  return primary;
}

TEST(SettingsMap, LosesNothingOnTheWayThereAndBack) {
  conf::MonitoredPrimary back;
  from_core(to_core(unusual()), back);
  EXPECT_EQ(back, unusual());
}

TEST(SettingsMap, LeavesWhatIsNoSettingAlone) {
  conf::MonitoredPrimary primary = unusual();
  primary.name = "mymaster";
  primary.address = {"10.0.0.1", 6379};
  primary.config_epoch = Epoch{4};
  primary.replicas.push_back({{"10.0.0.2", 6379}});
  conf::MonitoredPrimary expected = primary;
  expected.quorum = 2;
  core::PrimarySettings settings = to_core(primary);
  settings.quorum = 2;
  from_core(settings, primary);
  EXPECT_EQ(primary, expected);
}

}  // namespace
}  // namespace vedette::node
