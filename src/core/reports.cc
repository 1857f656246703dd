#include "core/reports.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "core/belonging.h"
#include "core/events.h"
#include "core/outsiders.h"
#include "core/probing.h"
#include "core/topology.h"
#include "proto/names.h"

namespace vedette::core {
namespace {

// What becomes of a server that is none of ours is nobody's business here.
void announce_about(Turn& turn, std::string_view event, Primary& primary, const Server& server,
                    std::string_view details = {}) {
  if (find_outsider(primary, server.id) != nullptr) return;
  const Replica* replica = find_replica(primary, server.id);
  if (replica == nullptr) {
    announce(turn, event, primary, details);
  } else {
    announce(turn, event, primary, *replica, details);
  }
}

void take_run_id(Turn& turn, Primary& primary, Server& server, const RunId& run_id) {
  if (!run_id.known() || run_id == server.run_id) return;
  const bool rebooted = server.run_id.known();
  server.run_id = run_id;
  if (!rebooted) return;
  const bool is_primary = server.id == primary.server.id;
  if (is_primary && primary.settings.reboot_down_after > 0ms) server.rebooted_at = turn.now;
  announce_about(turn, proto::event::kReboot, primary, server);
}

void take_role(Turn& turn, Primary& primary, Server& server, std::optional<proto::Role> role) {
  if (!role || *role == server.role_reported) return;
  server.role_reported = *role;
  server.role_reported_at = turn.now;
  const bool is_to_lead = server.id == primary.server.id && !primary.settings.relay;
  const bool expected = (*role == proto::Role::kPrimary) == is_to_lead;
  announce_about(turn, expected ? proto::event::kRoleChanged : proto::event::kRoleChangeUndone, primary, server,
                 fmt::format("new reported role is {}",
                             *role == proto::Role::kPrimary ? proto::kWordPrimary : proto::kWordReplica));
}

bool is_promoted(const proto::InfoReport& before, const proto::InfoReport& now) {
  return before.run_id == now.run_id && before.role == proto::Role::kReplica && now.role == proto::Role::kPrimary;
}

void discover_replicas(Turn& turn, Primary& primary, const proto::InfoReport& info) {
  const Names& names = turn.state.names;
  std::set<Address> known{names.place(primary.server.address)};
  for (const auto& [address, replica] : primary.replicas) known.insert(names.place(address));
  for (auto& [address, outsider] : primary.outsiders) {
    const Address place = names.place(address);
    known.insert(place);
    const bool follows = std::any_of(info.replicas.begin(), info.replicas.end(),
                                     [&](const Address& replica) { return names.place(replica) == place; });
    if (!follows) continue;
    outsider.at_replica = true;  // as our primary has it
    refresh_server(outsider.server);
  }
  for (const Address& address : info.replicas) {
    if (!names.usable(address) || !known.insert(names.place(address)).second) continue;
    const Replica* replica = add_replica(turn, primary, address);
    if (replica == nullptr) {
      log(turn, Level::kWarning,
          fmt::format("{} has more than {} replicas; {} is not watched", primary.name, kMaxReplicasPerPrimary,
                      to_string(address)));
      return;
    }
    announce(turn, proto::event::kReplicaFound, primary, *replica);
  }
}

// Those who follow the primary are its replicas, also while it follows somebody outside of the group itself. One that
// was made a replica of its own group, or whose place a stranger has taken, has none.
bool may_introduce(const Names& names, const Primary& primary) {
  const Server& server = primary.server;
  if (primary.usurped_since) return false;
  return leads_group(names, primary, server) || followed_outside(names, primary, server, Micros::max()) != nullptr;
}

}  // namespace

void take_info(Turn& turn, Primary& primary, Server& server, std::string_view text) {
  proto::InfoReport info = proto::parse_info(text);
  server.info_received_at = turn.now;
  server.info_pending = false;
  take_run_id(turn, primary, server, info.run_id);
  take_role(turn, primary, server, info.role);
  if (Replica* replica = find_replica(primary, server.id); replica != nullptr && info.primary != server.info.primary) {
    replica->followed_changed_at = turn.now;
  }
  if (server.info.run_id != info.run_id || server.info.role != info.role) {
    server.was_promoted = is_promoted(server.info, info);
  }
  server.info = std::move(info);
  note_own(turn, primary, server);
  if (server.id == primary.server.id && may_introduce(turn.state.names, primary)) {
    const proto::InfoReport report = server.info;  // discovering adds servers, not to this one's report
    discover_replicas(turn, primary, report);
  }
  turn.touch(primary.unit);
}

}  // namespace vedette::core
