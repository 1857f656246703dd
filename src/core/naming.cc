#include "core/naming.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <vector>

#include "base/text.h"
#include "core/events.h"
#include "core/topology.h"

namespace vedette::core {
namespace {

// Of two servers at one place, the one to be dropped and the one that is kept.
struct Double {
  Address address;
  const Server* kept;
};

// Of replicas at one place one that is connected is kept, otherwise the first by address.
std::vector<Double> doubles_of(const Names& names, const Primary& primary) {
  std::map<Address, const Server*> kept{{names.place(primary.server.address), &primary.server}};
  std::vector<Double> doubles;
  for (const auto& [address, replica] : primary.replicas) {
    const auto [place, is_new] = kept.try_emplace(names.place(address), &replica.server);
    if (is_new) continue;
    const Server* known = place->second;
    const bool better = known != &primary.server && replica.server.health.connected && !known->health.connected;
    doubles.push_back(better ? Double{known->address, &replica.server} : Double{address, known});
    if (better) place->second = &replica.server;
  }
  return doubles;
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
    watch_doubles(turn, *primary);
    turn.touch(primary->unit);
  }
}

void watch_doubles(Turn& turn, Primary& primary) {
  const bool is_doubled = !doubles_of(turn.state.names, primary).empty();
  primary.doubled_since = is_doubled ? std::optional(turn.now) : std::nullopt;
}

void merge_doubles(Turn& turn, Primary& primary) {
  const Micros patience = kDoublePatience * turn.state.timing.info_period;
  if (!primary.doubled_since || primary.failover || !turn.due(*primary.doubled_since + patience)) return;
  for (const Double& found : doubles_of(turn.state.names, primary)) {
    const auto replica = primary.replicas.find(found.address);
    if (!is_one_process(replica->second.server, *found.kept)) continue;
    log(turn, Level::kNotice,
        fmt::format("{} is an address of a server of {} that is known as {}; it is known once from now on",
                    to_string(found.address), primary.name, to_string(found.kept->address)));
    remove_replica(turn, primary, found.address);
  }
  if (doubles_of(turn.state.names, primary).empty()) primary.doubled_since.reset();
}

Primary* primary_at(Turn& turn, const Address& address) {
  const Names& names = turn.state.names;
  Primary* found = nullptr;
  for (const std::string& name : turn.directory.at_place(names.place(address))) {
    Primary* primary = turn.directory.named(name);
    const Address& its = primary->server.address;
    if (equals_ignoring_case(address.host, its.host)) return primary;  // the port is that of the place
    if (found == nullptr && names.same(address, its)) found = primary;
  }
  return found;
}

void set_naming(Turn& turn, const SetNaming& order) { turn.state.names.naming = order.naming; }

}  // namespace vedette::core
