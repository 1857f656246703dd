#include "conf/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "conf/values.h"

namespace vedette::conf {
namespace {

// Stores what a reader gave, if it gave anything.
template <typename Field, typename Value>
Status store(Field& field, Result<Value> value) {
  if (!value) return value.error();
  field = static_cast<Field>(*std::move(value));
  return Ok{};
}

template <auto Member>
Status set_positive_period(MonitoredPrimary& primary, Words values) {
  return store(primary.*Member, read_period(values[0], 1ms));
}

template <auto Member>
Status set_period(MonitoredPrimary& primary, Words values) {
  return store(primary.*Member, read_period(values[0], 0ms));
}

template <auto Member>
Status set_positive_count(MonitoredPrimary& primary, Words values) {
  return store(primary.*Member, read_number(values[0], 1, kMaxCount));
}

template <auto Member>
Status set_yes_no(MonitoredPrimary& primary, Words values) {
  return store(primary.*Member, read_yes_no(values[0]));
}

template <auto Member>
Status set_text(MonitoredPrimary& primary, Words values) {
  return store(primary.*Member, read_text(values[0]));
}

Status set_auth_pass(MonitoredPrimary& primary, Words values) {
  return store(primary.auth_pass, read_secret(values[0]));
}

Status set_renamed_command(MonitoredPrimary& primary, Words values) {
  const auto original = read_command_name(values[0]);
  if (!original) return original.error();
  const auto renamed = read_command_name(values[1]);
  if (!renamed) return renamed.error();
  const std::string key = to_upper(*original);
  auto& all = primary.renamed_commands;
  if (equals_ignoring_case(key, *renamed)) {
    all.erase(key);
    return Ok{};
  }
  if (all.size() >= kMaxRenamedCommands && all.count(key) == 0) {
    return Error{fmt::format("more than {} commands renamed for one primary", kMaxRenamedCommands)};
  }
  all[key] = *renamed;
  return Ok{};
}

constexpr std::string_view kNotificationScript = "notification-script";
constexpr std::string_view kReconfigScript = "client-reconfig-script";

constexpr std::array<PrimaryOption, 14> kOptions{{
    {"down-after-milliseconds", "", 1, set_positive_period<&MonitoredPrimary::down_after>},
    {"failover-timeout", "", 1, set_positive_period<&MonitoredPrimary::failover_timeout>},
    {"parallel-syncs", "", 1, set_positive_count<&MonitoredPrimary::parallel_syncs>},
    {"quorum", "", 1, set_positive_count<&MonitoredPrimary::quorum>},
    {"auth-pass", "", 1, set_auth_pass},
    {"auth-user", "", 1, set_text<&MonitoredPrimary::auth_user>},
    {kNotificationScript, "", 1, set_text<&MonitoredPrimary::notification_script>},
    {kReconfigScript, "", 1, set_text<&MonitoredPrimary::client_reconfig_script>},
    {"rename-command", "", 2, set_renamed_command},
    {"master-reboot-down-after-period", "primary-reboot-down-after-period", 1,
     set_period<&MonitoredPrimary::reboot_down_after>},
    {"fast-down-after-milliseconds", "", 1, set_period<&MonitoredPrimary::fast_down_after>},
    {"corroborate-with-replicas", "", 1, set_yes_no<&MonitoredPrimary::corroborate_with_replicas>},
    {"require-lineage", "", 1, set_yes_no<&MonitoredPrimary::require_lineage>},
    {"relay", "", 1, set_yes_no<&MonitoredPrimary::relay>},
}};

}  // namespace

bool is_script(std::string_view option) {
  return equals_ignoring_case(option, kNotificationScript) || equals_ignoring_case(option, kReconfigScript);
}

std::string_view not_executable(std::string_view option) {
  return equals_ignoring_case(option, kReconfigScript)
             ? "Client reconfiguration script seems non existing or non executable"
             : "Notification script seems non existing or non executable";
}

const PrimaryOption* find_primary_option(std::string_view name) {
  const auto found = std::find_if(kOptions.begin(), kOptions.end(), [&](const PrimaryOption& option) {
    return equals_ignoring_case(option.name, name) ||
           (!option.other_name.empty() && equals_ignoring_case(option.other_name, name));
  });
  return found == kOptions.end() ? nullptr : &*found;
}

Status apply_primary_option(MonitoredPrimary& primary, std::string_view option, Words values) {
  const PrimaryOption* found = find_primary_option(option);
  if (!found) return Error{shown(option) + " is not an option of a primary"};
  if (values.size() != found->arity) {
    return Error{fmt::format("'{}' takes {} value{}", found->name, found->arity, found->arity == 1 ? "" : "s")};
  }
  return found->set(primary, values);
}

}  // namespace vedette::conf
