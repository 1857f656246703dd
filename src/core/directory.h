// Finding things by what the outside calls them: the instance of a link, the address in a question.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/state.h"

namespace vedette::core {

class Directory {
 public:
  InstanceId allocate() { return InstanceId{++last_}; }

  // A primary is told of when it has its name, and until it goes.
  void enlist(Primary& primary) { named_.emplace(primary.name, &primary); }
  void strike_off(const Primary& primary) { named_.erase(primary.name); }
  // To be disowned before the primary goes.
  void own(InstanceId instance, Primary& primary) { owners_[instance] = &primary; }
  void disown(InstanceId instance) { owners_.erase(instance); }
  // Places are as `Names::place` gives them.
  void locate(const Address& place, const std::string& primary_name) { names_[place].insert(primary_name); }
  void dislocate(const Address& place, const std::string& primary_name);

  // The primary of this name; null if there is none.
  Primary* named(std::string_view name) const;
  // The primary to which a server or a unit belongs; null if it is not known (any more).
  Primary* owner_of(InstanceId instance) const;
  // The names of all primaries that are monitored at this place now.
  const std::set<std::string>& at_place(const Address& place) const;

 private:
  std::uint64_t last_ = 0;
  std::unordered_map<std::string_view, Primary*> named_;  // the names are theirs
  std::unordered_map<InstanceId, Primary*> owners_;
  std::unordered_map<Address, std::set<std::string>> names_;  // by place; none of the sets is empty
};

// The server behind a link of this primary: itself, one of its replicas or an outsider; null if it is none of these.
Server* find_server(Primary& primary, InstanceId instance);
// One of its replicas; null if it is none of them.
Replica* find_replica(Primary& primary, InstanceId instance);
// One of those that do not count as its own.
Outsider* find_outsider(Primary& primary, InstanceId instance);

}  // namespace vedette::core
