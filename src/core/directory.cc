#include "core/directory.h"

#include <algorithm>

namespace vedette::core {

void Directory::dislocate(const Address& place, const std::string& primary_name) {
  const auto found = names_.find(place);
  found->second.erase(primary_name);
  if (found->second.empty()) names_.erase(found);
}

Primary* Directory::named(std::string_view name) const {
  const auto found = named_.find(name);
  return found == named_.end() ? nullptr : found->second;
}

Primary* Directory::owner_of(InstanceId instance) const {
  const auto found = owners_.find(instance);
  return found == owners_.end() ? nullptr : found->second;
}

const std::set<std::string>& Directory::at_place(const Address& place) const {
  static const std::set<std::string> nobody;
  const auto found = names_.find(place);
  return found == names_.end() ? nobody : found->second;
}

Outsider* find_outsider(Primary& primary, InstanceId instance) {
  const auto found = std::find_if(primary.outsiders.begin(), primary.outsiders.end(),
                                  [&](const auto& entry) { return entry.second.server.id == instance; });
  return found == primary.outsiders.end() ? nullptr : &found->second;
}

Replica* find_replica(Primary& primary, InstanceId instance) {
  const auto found = std::find_if(primary.replicas.begin(), primary.replicas.end(),
                                  [instance](const auto& entry) { return entry.second.server.id == instance; });
  return found == primary.replicas.end() ? nullptr : &found->second;
}

Server* find_server(Primary& primary, InstanceId instance) {
  if (primary.server.id == instance) return &primary.server;
  if (Replica* replica = find_replica(primary, instance)) return &replica->server;
  Outsider* outsider = find_outsider(primary, instance);
  return outsider == nullptr ? nullptr : &outsider->server;
}

}  // namespace vedette::core
