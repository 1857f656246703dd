#include "node/settings_map.h"

namespace vedette::node {

core::PrimarySettings to_core(const conf::MonitoredPrimary& primary) {
  core::PrimarySettings settings;
  settings.quorum = primary.quorum;
  settings.down_after = primary.down_after;
  settings.failover_timeout = primary.failover_timeout;
  settings.parallel_syncs = primary.parallel_syncs;
  settings.reboot_down_after = primary.reboot_down_after;
  settings.fast_down_after = primary.fast_down_after;
  settings.corroborate_with_replicas = primary.corroborate_with_replicas;
  settings.require_lineage = primary.require_lineage;
  settings.relay = primary.relay;
  settings.auth_user = primary.auth_user;
  settings.auth_pass = primary.auth_pass;
  settings.notification_script = primary.notification_script;
  settings.client_reconfig_script = primary.client_reconfig_script;
  settings.renamed_commands = primary.renamed_commands;
  return settings;
}

void from_core(const core::PrimarySettings& settings, conf::MonitoredPrimary& primary) {
  primary.quorum = settings.quorum;
  primary.down_after = settings.down_after;
  primary.failover_timeout = settings.failover_timeout;
  primary.parallel_syncs = settings.parallel_syncs;
  primary.reboot_down_after = settings.reboot_down_after;
  primary.fast_down_after = settings.fast_down_after;
  primary.corroborate_with_replicas = settings.corroborate_with_replicas;
  primary.require_lineage = settings.require_lineage;
  primary.relay = settings.relay;
  primary.auth_user = settings.auth_user;
  primary.auth_pass = settings.auth_pass;
  primary.notification_script = settings.notification_script;
  primary.client_reconfig_script = settings.client_reconfig_script;
  primary.renamed_commands = settings.renamed_commands;
}

}  // namespace vedette::node
