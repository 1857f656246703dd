#include "core/stagger.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"

namespace vedette::core {

std::size_t candidate_rank(std::string_view primary_name, const RunId& self, std::span<const RunId> others) {
  const std::uint64_t seed = stable_hash(primary_name);
  const auto key = [seed](const RunId& id) { return std::pair(stable_hash(id.hex, seed), id); };
  const auto own = key(self);
  return static_cast<std::size_t>(
      std::count_if(others.begin(), others.end(), [&](const RunId& other) { return key(other) < own; }));
}

Micros stretched(Micros pause, std::size_t primaries_down) {
  constexpr Micros kLongest = 2000ms;
  constexpr std::size_t kPrimariesPerPause = 25;
  const auto more = static_cast<std::int64_t>(primaries_down / kPrimariesPerPause);
  return std::max(pause, std::min(pause * (1 + more), kLongest));
}

}  // namespace vedette::core
