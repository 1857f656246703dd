#include "core/schedule.h"

namespace vedette::core {

void Schedule::set(InstanceId unit, std::optional<Instant> deadline) {
  const auto found = deadlines_.find(unit);
  if (found != deadlines_.end()) {
    order_.erase({found->second, unit});
    deadlines_.erase(found);
  }
  if (deadline) {
    order_.emplace(*deadline, unit);
    deadlines_.emplace(unit, *deadline);
  }
}

std::optional<Instant> Schedule::earliest() const {
  if (order_.empty()) return std::nullopt;
  return order_.begin()->first;
}

std::optional<InstanceId> Schedule::due(Instant now) const {
  if (order_.empty() || order_.begin()->first > now) return std::nullopt;
  return order_.begin()->second;
}

}  // namespace vedette::core
