// What the state takes of memory, counted from what is in it. For people: nothing is decided by it.
#pragma once

#include "base/memory_use.h"
#include "core/state.h"

namespace vedette::core {

struct Footprint {
  MemoryUse primaries;  // without their replicas and sentinels
  MemoryUse replicas;
  MemoryUse sentinels;  // one for each primary that a peer watches too
  MemoryUse peers;      // the processes behind them
};

// Looks at every instance.
Footprint footprint_of(const State& state);

}  // namespace vedette::core
