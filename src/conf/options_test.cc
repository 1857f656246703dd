#include "conf/options.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "conf/values.h"

namespace vedette::conf {
namespace {

Status set(MonitoredPrimary& primary, std::string_view option, const std::vector<std::string>& values) {
  return apply_primary_option(primary, option, values);
}

TEST(PrimaryOption, SetsEveryOption) {
  MonitoredPrimary primary;
  EXPECT_TRUE(set(primary, "down-after-milliseconds", {"1"}).ok());
  EXPECT_TRUE(set(primary, "failover-timeout", {"2"}).ok());
  EXPECT_TRUE(set(primary, "parallel-syncs", {"3"}).ok());
  EXPECT_TRUE(set(primary, "QUORUM", {"4"}).ok());
  EXPECT_TRUE(set(primary, "auth-pass", {"pass\nword"}).ok());
  EXPECT_TRUE(set(primary, "auth-user", {"alice"}).ok());
  EXPECT_TRUE(set(primary, "notification-script", {"/notify"}).ok());
  EXPECT_TRUE(set(primary, "client-reconfig-script", {"/reconfig"}).ok());
  EXPECT_TRUE(set(primary, "rename-command", {"config", "guarded"}).ok());
  EXPECT_TRUE(set(primary, "Primary-Reboot-Down-After-Period", {"5"}).ok());
  EXPECT_TRUE(set(primary, "fast-down-after-milliseconds", {"6"}).ok());
  EXPECT_TRUE(set(primary, "corroborate-with-replicas", {"yes"}).ok());
  EXPECT_TRUE(set(primary, "Require-Lineage", {"yes"}).ok());
  EXPECT_TRUE(set(primary, "relay", {"YES"}).ok());

  MonitoredPrimary expected;
  expected.down_after = 1ms;
  expected.failover_timeout = 2ms;
  expected.parallel_syncs = 3;
  expected.quorum = 4;
  expected.auth_pass = "pass\nword";
  expected.auth_user = "alice";
  expected.notification_script = "/notify";
  expected.client_reconfig_script = "/reconfig";
  expected.renamed_commands = {{"CONFIG", "guarded"}};
  expected.reboot_down_after = 5ms;
  expected.fast_down_after = 6ms;
  expected.corroborate_with_replicas = true;
  expected.require_lineage = true;
  expected.relay = true;
  EXPECT_EQ(primary, expected);
}

TEST(PrimaryOption, ARefusedValueChangesNothing) {
  const std::vector<std::pair<std::string_view, std::vector<std::string>>> refused{
      {"down-after-milliseconds", {"0"}},
      {"down-after-milliseconds", {"-1"}},
      {"down-after-milliseconds", {"9223372036854775807"}},
      {"failover-timeout", {"0"}},
      {"failover-timeout", {"1s"}},
      {"parallel-syncs", {"0"}},
      {"parallel-syncs", {"99999999999"}},
      {"quorum", {"0"}},
      {"quorum", {" 2"}},
      {"quorum", {""}},
      {"master-reboot-down-after-period", {"-1"}},
      {"fast-down-after-milliseconds", {"-1"}},
      {"corroborate-with-replicas", {"maybe"}},
      {"require-lineage", {"1"}},
      {"relay", {""}},
      {"auth-user", {"a\nb"}},
      {"notification-script", {"/a\tb"}},
      {"client-reconfig-script", {std::string("/a\0b", 4)}},
      {"rename-command", {"CONFIG", ""}},
      {"rename-command", {"", "x"}},
      {"rename-command", {"CONFIG", "a b"}},
      {"rename-command", {"CONFIG", "a\nb"}},
      {"rename-command", {"CONFIG"}},
      {"quorum", {"1", "2"}},
      {"no-such-option", {"1"}},
      {"", {"1"}},
  };
  for (const auto& [option, values] : refused) {
    MonitoredPrimary primary;
    EXPECT_FALSE(set(primary, option, values).ok()) << option << " " << (values.empty() ? "" : values[0]);
    EXPECT_EQ(primary, MonitoredPrimary{}) << option;
  }
}

TEST(PrimaryOption, AnEmptyTextUnsets) {
  MonitoredPrimary primary;
  for (const std::string_view option : {"auth-pass", "auth-user", "notification-script", "client-reconfig-script"}) {
    EXPECT_TRUE(set(primary, option, {"x"}).ok());
    EXPECT_NE(primary, MonitoredPrimary{});
    EXPECT_TRUE(set(primary, option, {""}).ok());
    EXPECT_EQ(primary, MonitoredPrimary{});
  }
}

TEST(PrimaryOption, ACommandCanBeRenamedAgainAndBack) {
  MonitoredPrimary primary;
  EXPECT_TRUE(set(primary, "rename-command", {"config", "a"}).ok());
  EXPECT_TRUE(set(primary, "rename-command", {"CONFIG", "b"}).ok());
  EXPECT_EQ(primary.renamed_commands, (std::map<std::string, std::string>{{"CONFIG", "b"}}));
  EXPECT_TRUE(set(primary, "rename-command", {"Config", "conFIG"}).ok());
  EXPECT_TRUE(primary.renamed_commands.empty());
}

TEST(PrimaryOption, KnowsHowManyValuesAnOptionTakes) {
  EXPECT_EQ(find_primary_option("rename-command")->arity, 2U);
  EXPECT_EQ(find_primary_option("Quorum")->arity, 1U);
  EXPECT_EQ(find_primary_option("primary-reboot-down-after-period"),
            find_primary_option("master-reboot-down-after-period"));
  EXPECT_EQ(find_primary_option("config-epoch"), nullptr);
  EXPECT_EQ(find_primary_option(""), nullptr);
}

// --- Limits ----------------------------------------------------------------------------------------------------------

TEST(PrimaryOption, PeriodsEndAtKMaxPeriod) {
  MonitoredPrimary primary;
  EXPECT_TRUE(set(primary, "down-after-milliseconds", {std::to_string(kMaxPeriod.count())}).ok());
  EXPECT_EQ(primary.down_after, kMaxPeriod);
  EXPECT_FALSE(set(primary, "down-after-milliseconds", {std::to_string(kMaxPeriod.count() + 1)}).ok());
}

TEST(PrimaryOption, CountsEndAtKMaxCount) {
  MonitoredPrimary primary;
  EXPECT_TRUE(set(primary, "quorum", {std::to_string(kMaxCount)}).ok());
  EXPECT_FALSE(set(primary, "quorum", {std::to_string(kMaxCount + 1)}).ok());
}

TEST(PrimaryOption, ValuesEndAtKMaxValueBytes) {
  for (const std::string_view option : {"auth-pass", "auth-user", "notification-script"}) {
    MonitoredPrimary primary;
    EXPECT_TRUE(set(primary, option, {std::string(kMaxValueBytes, 'x')}).ok());
    const Status refused = set(primary, option, {std::string(kMaxValueBytes + 1, 'x')});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().message, "a value of 8193 bytes is too long: at most 8192 are allowed");
  }
}

TEST(PrimaryOption, RenamedCommandsEndAtKMaxRenamedCommands) {
  MonitoredPrimary primary;
  for (std::size_t i = 0; i < kMaxRenamedCommands; ++i) {
    EXPECT_TRUE(set(primary, "rename-command", {fmt::format("C{}", i), "x"}).ok());
  }
  const Status refused = set(primary, "rename-command", {"ONE-MORE", "x"});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message, "more than 256 commands renamed for one primary");
  EXPECT_TRUE(set(primary, "rename-command", {"C0", "another"}).ok());
}

}  // namespace
}  // namespace vedette::conf
