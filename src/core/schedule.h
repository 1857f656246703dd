// The deadlines of many units (primaries and peers), each with at most one. Setting and finding the earliest are
// logarithmic.
#pragma once

#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/ids.h"
#include "base/time.h"

namespace vedette::core {

class Schedule {
 public:
  // Replaces the unit's deadline; nullopt removes it.
  void set(InstanceId unit, std::optional<Instant> deadline);

  std::optional<Instant> earliest() const;

  // The unit with the earliest deadline, if that is due at `now`. It keeps its deadline until `set` is called.
  std::optional<InstanceId> due(Instant now) const;

 private:
  std::set<std::pair<Instant, InstanceId>> order_;
  std::unordered_map<InstanceId, Instant> deadlines_;
};

}  // namespace vedette::core
