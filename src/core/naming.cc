#include "core/naming.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "core/events.h"
#include "core/topology.h"

namespace vedette::core {
namespace {

// A failover that is under way holds on to one of the replicas.
std::optional<InstanceId> chosen_in_failover(const Primary& primary) {
  if (!primary.failover) return std::nullopt;
  const auto& state = primary.failover->state;
  if (const auto* sending = std::get_if<SendPromotion>(&state)) return sending->chosen;
  if (const auto* waiting = std::get_if<WaitPromotion>(&state)) return waiting->chosen;
  if (const auto* promoted = std::get_if<ReconfigureReplicas>(&state)) return promoted->promoted;
  return std::nullopt;
}

// All replicas whose place is taken by the primary, or by another replica that we had rather keep: the chosen one of a
// failover, one that is connected, the first by address.
std::vector<Address> doubles_of(const Names& names, const Primary& primary) {
  const auto chosen = chosen_in_failover(primary);
  const auto worth = [&](const Replica& replica) {
    return std::tuple(replica.server.id == chosen, replica.server.health.connected);
  };
  std::map<Address, const Replica*> kept;
  std::vector<Address> doubles;
  for (const auto& [address, replica] : primary.replicas) {
    if (replica.server.id != chosen && names.same(address, primary.server.address)) {
      doubles.push_back(address);
      continue;
    }
    const auto [place, is_new] = kept.try_emplace(names.place(address), &replica);
    if (is_new) continue;
    const bool better = worth(replica) > worth(*place->second);
    doubles.push_back(better ? place->second->server.address : address);
    if (better) place->second = &replica;
  }
  return doubles;
}

void merge_doubles(Turn& turn, Primary& primary) {
  for (const Address& address : doubles_of(turn.state.names, primary)) {
    log(turn, Level::kNotice,
        fmt::format("{} is an address of a server of {} that is known by another one; it is known once from now on",
                    to_string(address), primary.name));
    remove_replica(turn, primary, address);
  }
}

}  // namespace

void take_name(Turn& turn, const NameResolved& fact) {
  std::map<std::string, Primary*> concerned;
  for (const InstanceId instance : fact.instances) {
    Primary* primary = turn.directory.owner_of(instance);
    if (primary != nullptr) concerned.emplace(primary->name, primary);
  }
  std::map<std::string, Address> places;
  for (const auto& [name, primary] : concerned) {
    places[name] = place_of(turn, *primary);
    turn.directory.dislocate(places[name], name);
  }
  turn.state.names.lead(fact.name, fact.ip, fact.reached);
  for (const auto& [name, primary] : concerned) {
    const Address place = place_of(turn, *primary);
    turn.directory.locate(place, name);
    // As after a switch nobody is made to follow it at once: what its name leads to may be wrong.
    if (place != places[name]) primary->configuration_changed_at = turn.now;
    merge_doubles(turn, *primary);
    turn.touch(primary->unit);
  }
}

void set_naming(Turn& turn, const SetNaming& order) { turn.state.names.naming = order.naming; }

}  // namespace vedette::core
