#include "core/configuration.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/events.h"
#include "core/naming.h"
#include "core/probing.h"
#include "core/topology.h"
#include "proto/names.h"

namespace vedette::core {

void record_configuration(Turn& turn, Primary& primary) {
  primary.configuration_changed_at = turn.now;
  primary.configuration_revision = turn.durability.changed_and_waits(primary);
}

void publish_when_durable(Turn& turn, Primary& primary) {
  if (is_published(primary) || !turn.durability.is_durable(primary.configuration_revision)) return;
  primary.published = current_configuration(primary);
  primary.server.hello_sent_at.reset();
  for (auto& [address, replica] : primary.replicas) replica.server.hello_sent_at.reset();
  for (auto& [id, sentinel] : primary.sentinels) sentinel.hello_sent_at.reset();
  turn.acted();
}

bool is_published(const Primary& primary) { return primary.published == current_configuration(primary); }

void switch_primary(Turn& turn, Primary& primary, const Address& address) {
  const Address from = turn.state.names.shown(primary.server.address);
  const Address to = turn.state.names.shown(address);
  announce_text(turn, proto::event::kSwitchPrimary, primary,
                fmt::format("{} {} {} {} {}", primary.name, from.host, from.port, to.host, to.port));
  move_primary(turn, primary, address);
  watch_doubles(turn, primary);
  for (const auto& [replica_address, replica] : primary.replicas) {
    announce(turn, proto::event::kReplicaFound, primary, replica);
  }
  refresh_server(primary.server);
  record_configuration(turn, primary);
  turn.acted();
}

void adopt_configuration(Turn& turn, Primary& primary, const Sentinel& source, const Configuration& theirs) {
  primary.config_epoch = theirs.epoch;
  const bool promoted = current_address(primary) != primary.server.address;
  const bool moved = !turn.state.names.identical(current_address(primary), theirs.address);
  // To complete a failover at a smaller epoch would lead back to an older configuration.
  const bool overtaken = primary.failover && !promoted && primary.failover->epoch <= theirs.epoch;
  if (moved) announce(turn, proto::event::kConfigUpdateFrom, primary, source);
  if (moved || overtaken) primary.failover.reset();
  if (overtaken) primary.not_before = turn.now + turn.state.timing.leader_lease;  // somebody else is at work
  if (moved) {
    const Address old_address = primary.server.address;
    switch_primary(turn, primary, theirs.address);
    primary.adopted_at = turn.now;
    call_reconfig_script(turn, primary, proto::script::kObserver, old_address, theirs.address);
  }
  record_configuration(turn, primary);
}

bool is_configuration_current(const State& state, const Primary& primary, Instant since) {
  if (!is_published(primary)) return false;
  const auto agreeing = std::count_if(primary.sentinels.begin(), primary.sentinels.end(), [&](const auto& entry) {
    const Sentinel& sentinel = entry.second;
    // Who was out of reach since may have a newer one by now.
    const Health& link = state.peers.at(sentinel.peer).health;
    const bool is_fresh = link.connected && sentinel.last_hello >= std::max(since, link.link_changed_at);
    return is_fresh && sentinel.config_epoch == primary.published.epoch &&
           state.names.same(sentinel.config_address, primary.published.address);
  });
  return static_cast<std::size_t>(agreeing) + 1 >= primary.voters() / 2 + 1;
}

}  // namespace vedette::core
