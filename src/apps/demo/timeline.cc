#include "apps/demo/timeline.h"

#include <utility>

namespace vedette::demo {

void Timeline::add(Beat beat) {
  const WallTime at = beat.at;
  waiting_.emplace(at, std::move(beat));
}

std::vector<Beat> Timeline::take_settled(WallTime now) {
  std::vector<Beat> settled;
  const auto end = waiting_.upper_bound(now - kSettlingTime);
  for (auto next = waiting_.begin(); next != end; next = waiting_.erase(next)) {
    settled.push_back(std::move(next->second));
  }
  return settled;
}

}  // namespace vedette::demo
