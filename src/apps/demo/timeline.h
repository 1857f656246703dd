// Puts beats into the order of their times. They come from several processes, each a little late in its own way, so a
// beat waits a moment for others that happened before it.
#pragma once

#include <map>
#include <vector>

#include "apps/demo/beat.h"

namespace vedette::demo {

class Timeline {
 public:
  static constexpr Millis kSettlingTime{40};

  void add(Beat beat);

  // What no earlier beat is expected before any more; beats of the same millisecond stay in the order of their coming.
  std::vector<Beat> take_settled(WallTime now);

  bool empty() const { return waiting_.empty(); }

 private:
  std::multimap<WallTime, Beat> waiting_;
};

}  // namespace vedette::demo
