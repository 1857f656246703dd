#include "conf/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "conf/values.h"

namespace vedette::conf {
namespace {

class PrimariesByName {
 public:
  explicit PrimariesByName(const SentinelSettings& settings) {
    for (const MonitoredPrimary& primary : settings.primaries) primaries_.emplace(primary.name, &primary);
  }

  const MonitoredPrimary* find(const std::string& name) const {
    const auto found = primaries_.find(name);
    return found == primaries_.end() ? nullptr : found->second;
  }

 private:
  std::unordered_map<std::string_view, const MonitoredPrimary*> primaries_;
};

// What a person has changed in the conf holds, and else what is in the state.
template <typename Settings>
struct Choice {
  const Settings& base;
  const Settings& conf;
  const Settings& state;

  template <typename Field>
  const Field& operator()(Field Settings::*field) const {
    return conf.*field == base.*field ? state.*field : conf.*field;
  }
};

// Those of the state, and those that a person has added to the conf.
template <typename Known>
std::vector<Known> all_known(const Choice<MonitoredPrimary>& choose, std::vector<Known> MonitoredPrimary::*member) {
  std::vector<Known> all = choose.state.*member;
  const std::vector<Known>& before = choose.base.*member;
  const auto is_in = [](const std::vector<Known>& list, const Known& known) {
    return std::find(list.begin(), list.end(), known) != list.end();
  };
  for (const Known& known : choose.conf.*member) {
    if (!is_in(before, known) && !is_in(all, known)) all.push_back(known);
  }
  return all;
}

std::vector<KnownSentinel> known_sentinels(const Choice<MonitoredPrimary>& choose) {
  std::vector<KnownSentinel> all = all_known(choose, &MonitoredPrimary::sentinels);
  std::vector<KnownSentinel> once;
  for (KnownSentinel& known : all) {
    const bool is_new =
        std::none_of(once.begin(), once.end(), [&](const KnownSentinel& other) { return other.id == known.id; });
    if (is_new) once.push_back(std::move(known));
  }
  return once;
}

class Merger {
 public:
  Merger(const SentinelSettings& base, const SentinelSettings& conf, const SentinelSettings& state)
      : base_(base), conf_(conf), state_(state) {}

  Merged merge() {
    merge_globals();
    for (const MonitoredPrimary& primary : conf_.primaries) merge_primary_of_conf(primary);
    for (const MonitoredPrimary& primary : state_.primaries) {
      if (!in_conf_.find(primary.name)) merge_primary_of_state(primary);
    }
    return std::move(merged_);
  }

 private:
  void merge_globals() {
    const Choice<SentinelSettings> choose{base_, conf_, state_};
    SentinelSettings& out = merged_.settings;
    out.my_id = conf_.my_id.known() ? choose(&SentinelSettings::my_id) : state_.my_id;
    out.current_epoch = std::max(conf_.current_epoch, state_.current_epoch);
    out.announce_ip = choose(&SentinelSettings::announce_ip);
    out.announce_port = choose(&SentinelSettings::announce_port);
    out.resolve_hostnames = choose(&SentinelSettings::resolve_hostnames);
    out.announce_hostnames = choose(&SentinelSettings::announce_hostnames);
    out.deny_scripts_reconfig = choose(&SentinelSettings::deny_scripts_reconfig);
    out.peer_user = choose(&SentinelSettings::peer_user);
    out.peer_pass = choose(&SentinelSettings::peer_pass);
  }

  void merge_primary_of_conf(const MonitoredPrimary& conf) {
    const MonitoredPrimary* base = in_base_.find(conf.name);
    const MonitoredPrimary* state = in_state_.find(conf.name);
    if (state) {
      merged_.settings.primaries.push_back(merge_primary({base ? *base : MonitoredPrimary{}, conf, *state}));
    } else if (base && *base == conf) {
      note(fmt::format("the primary {} stays away: it was removed while the sentinel ran", shown(conf.name)));
    } else {
      merged_.settings.primaries.push_back(conf);
    }
  }

  void merge_primary_of_state(const MonitoredPrimary& state) {
    if (in_base_.find(state.name)) {
      note(fmt::format("the primary {} is no longer monitored: it was taken out of the conf", shown(state.name)));
    } else {
      merged_.settings.primaries.push_back(state);
    }
  }

  MonitoredPrimary merge_primary(const Choice<MonitoredPrimary>& choose) {
    MonitoredPrimary out = choose.state;
    out.address = merge_address(choose);
    out.quorum = choose(&MonitoredPrimary::quorum);
    out.down_after = choose(&MonitoredPrimary::down_after);
    out.failover_timeout = choose(&MonitoredPrimary::failover_timeout);
    out.parallel_syncs = choose(&MonitoredPrimary::parallel_syncs);
    out.auth_user = choose(&MonitoredPrimary::auth_user);
    out.auth_pass = choose(&MonitoredPrimary::auth_pass);
    out.notification_script = choose(&MonitoredPrimary::notification_script);
    out.client_reconfig_script = choose(&MonitoredPrimary::client_reconfig_script);
    out.reboot_down_after = choose(&MonitoredPrimary::reboot_down_after);
    out.fast_down_after = choose(&MonitoredPrimary::fast_down_after);
    out.corroborate_with_replicas = choose(&MonitoredPrimary::corroborate_with_replicas);
    out.require_lineage = choose(&MonitoredPrimary::require_lineage);
    out.relay = choose(&MonitoredPrimary::relay);
    out.renamed_commands = choose(&MonitoredPrimary::renamed_commands);
    out.config_epoch = std::max(choose.conf.config_epoch, choose.state.config_epoch);
    out.leader_epoch = std::max(choose.conf.leader_epoch, choose.state.leader_epoch);
    out.replicas = all_known(choose, &MonitoredPrimary::replicas);
    out.sentinels = known_sentinels(choose);
    const bool is_of_conf = choose.conf.config_epoch > choose.state.config_epoch || out.address != choose.state.address;
    take_remembered(is_of_conf ? choose.conf : choose.state, out);
    return out;
  }

  Address merge_address(const Choice<MonitoredPrimary>& choose) {
    const auto& [base, conf, state] = choose;
    if (conf.config_epoch > state.config_epoch) return conf.address;
    if (state.config_epoch == Epoch{0}) return choose(&MonitoredPrimary::address);
    if (conf.address != base.address && conf.address != state.address) {
      note(fmt::format("the primary {} stays at {}, as agreed upon at epoch {}: the conf has {}", shown(state.name),
                       to_string(state.address), to_number(state.config_epoch), to_string(conf.address)));
    }
    return state.address;
  }

  void note(std::string text) { merged_.notes.push_back(std::move(text)); }

  const SentinelSettings& base_;
  const SentinelSettings& conf_;
  const SentinelSettings& state_;
  const PrimariesByName in_base_{base_};
  const PrimariesByName in_conf_{conf_};
  const PrimariesByName in_state_{state_};
  Merged merged_;
};

}  // namespace

void take_remembered(const MonitoredPrimary& from, MonitoredPrimary& to) {
  to.histories = from.histories;
  to.known_servers = from.known_servers;
  to.upstream = from.upstream;
}

Merged merge(const SentinelSettings& base, const SentinelSettings& conf, const SentinelSettings& state) {
  return Merger(base, conf, state).merge();
}

}  // namespace vedette::conf
