// What is allowed in a configuration, and probably not what its author wants: risks that show only when a failover goes
// wrong.
#pragma once

#include <vector>

#include "conf/file.h"
#include "conf/problem.h"

namespace vedette::conf {

inline constexpr Millis kHastyDownAfter{500};      // below it, a short stall looks like a failure
inline constexpr unsigned kManyParallelSyncs = 8;  // above it, hardly any replica is left to read from

// In the order of their subjects: the sentinel, then each primary. The line itself is not repeated.
std::vector<Problem> advise(const File& file);

}  // namespace vedette::conf
