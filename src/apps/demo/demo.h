// The demo: real servers, real sentinels, a real client, and a primary that is killed before the eyes of whoever looks.
#pragma once

#include "base/time.h"

namespace vedette::demo {

inline constexpr Millis kMinDownAfter{100};
inline constexpr Millis kMaxDownAfter{30'000};

struct Options {
  Millis down_after{1000};  // kMinDownAfter to kMaxDownAfter
  bool keep = false;        // keep everything running at the end
};

// Plays it on the standard output and removes every trace of it. Returns the exit status of the process: 0 only if the
// failover was seen, the old primary came back as a replica, and the new one serves.
int run_demo(const Options& options);

}  // namespace vedette::demo
