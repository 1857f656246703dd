#include "node/state_file.h"

#include "core/lineage.h"
#include "core/topology.h"
#include "node/acl/files.h"
#include "node/settings_map.h"

namespace vedette::node {
namespace {

static_assert(conf::kMaxHistories == core::kMaxEarlierHistories + 2);
static_assert(conf::kMaxKnownServers == core::kMaxReplicasPerPrimary + 1);

// The present one, the one before, and the earlier ones; the file has none at the end that is empty.
std::vector<std::string> ids_of(const core::Histories& histories) {
  std::vector<std::string> ids{histories.present, histories.before};
  ids.insert(ids.end(), histories.earlier.begin(), histories.earlier.end());
  while (!ids.empty() && ids.back().empty()) ids.pop_back();
  return ids;
}

core::Histories histories_from(const std::vector<std::string>& ids) {
  core::Histories histories;
  if (!ids.empty()) histories.present = ids[0];
  if (ids.size() > 1) histories.before = ids[1];
  if (ids.size() > 2) histories.earlier.assign(ids.begin() + 2, ids.end());
  return histories;
}

core::KnownPrimary known_from(const conf::MonitoredPrimary& monitored) {
  core::KnownPrimary known;
  known.name = monitored.name;
  known.address = monitored.address;
  known.settings = to_core(monitored);
  known.config_epoch = monitored.config_epoch;
  known.leader_epoch = monitored.leader_epoch;
  for (const conf::KnownReplica& replica : monitored.replicas) known.replicas.push_back(replica.address);
  for (const conf::KnownSentinel& sentinel : monitored.sentinels) {
    known.sentinels.emplace_back(sentinel.id, sentinel.address);
  }
  known.histories = histories_from(monitored.histories);
  known.upstream = monitored.upstream;
  for (const conf::KnownServer& server : monitored.known_servers) {
    known.last_known.emplace_back(server.address, core::LastKnown{server.run_id, server.offset, server.keys});
    if (server.foreign.known()) known.strangers.emplace_back(server.address, server.foreign);
  }
  return known;
}

void remember_server(conf::MonitoredPrimary& monitored, const core::Server& server, const Address& address,
                     const RunId& stranger = {}) {
  const auto& [run_id, offset, keys] = server.last_known.value_or(core::LastKnown{});
  const conf::KnownServer known{address, run_id, offset, keys, stranger};
  const bool is_worth_it = known != conf::KnownServer{address, {}, 0, {}, {}};
  if (is_worth_it && monitored.known_servers.size() < conf::kMaxKnownServers) monitored.known_servers.push_back(known);
}

}  // namespace

core::Naming naming_of(const conf::SentinelSettings& settings) {
  return {settings.resolve_hostnames, settings.announce_hostnames};
}

core::Knowledge knowledge_from(const conf::SentinelSettings& settings, const RunId& new_id) {
  core::Knowledge knowledge;
  knowledge.must_be_saved = !settings.my_id.known();
  knowledge.my_id = settings.my_id.known() ? settings.my_id : new_id;
  knowledge.current_epoch = settings.current_epoch;
  knowledge.naming = naming_of(settings);
  for (const conf::MonitoredPrimary& monitored : settings.primaries) {
    knowledge.primaries.push_back(known_from(monitored));
  }
  return knowledge;
}

// While the other replicas are being reconfigured the promoted one is the primary already: that is the configuration to
// come back to after a crash, and the old primary is one of the replicas.
conf::MonitoredPrimary monitored_from(const core::Primary& primary, const core::State& state) {
  conf::MonitoredPrimary monitored;
  from_core(primary.settings, monitored);
  monitored.name = primary.name;
  const auto saved = [&names = state.names](const Address& address) {
    return names.naming.resolve ? address : names.place(address);  // a name could not be read again
  };
  const Address& current = core::current_address(primary);
  monitored.address = saved(current);
  monitored.config_epoch = primary.config_epoch;
  monitored.leader_epoch = primary.my_vote.epoch;
  for (const auto& [address, replica] : primary.replicas) {
    monitored.replicas.push_back({saved(address == current ? primary.server.address : address)});
  }
  for (const auto& [id, sentinel] : primary.sentinels) {
    monitored.sentinels.push_back({saved(state.peers.at(sentinel.peer).address), id});
  }
  monitored.histories = ids_of(primary.histories);
  if (primary.upstream) monitored.upstream = saved(*primary.upstream);
  remember_server(monitored, primary.server, saved(primary.server.address), primary.usurper);
  for (const auto& [address, replica] : primary.replicas) remember_server(monitored, replica.server, saved(address));
  // A stranger is there now, but it is the address of a replica.
  for (const auto& [address, outsider] : primary.outsiders) {
    if (!outsider.at_replica) continue;
    monitored.replicas.push_back({saved(address)});
    remember_server(monitored, outsider.server, saved(address), outsider.foreign);
  }
  return monitored;
}

conf::SentinelSettings own_settings(const conf::Configuration& configuration, const core::State& state,
                                    const acl::Users& users) {
  conf::SentinelSettings saved = configuration.sentinel;
  if (configuration.server.acl_file.empty()) {
    saved.users = acl::lines_of(users, saved.users, configuration.server.requirepass);
  }
  saved.my_id = state.my_id;
  saved.current_epoch = state.current_epoch;
  saved.primaries.clear();
  return saved;
}

conf::SentinelSettings settings_with(const conf::Configuration& configuration, const core::State& state,
                                     const acl::Users& users) {
  conf::SentinelSettings saved = own_settings(configuration, state, users);
  for (const auto& [name, primary] : state.primaries) saved.primaries.push_back(monitored_from(primary, state));
  return saved;
}

Result<acl::Users> users_from(const conf::Configuration& configuration, std::string_view acl_text) {
  const conf::ServerSettings& server = configuration.server;
  if (server.acl_file.empty()) return acl::users_of(configuration.sentinel.users, server.requirepass);
  if (!configuration.sentinel.users.empty()) {
    return Error{
        "There are users both in the configuration and in an ACL file, which invites mistakes: please move them all to "
        "one of the two"};
  }
  return acl::parse_acl_file(acl_text, server.acl_file);
}

}  // namespace vedette::node
