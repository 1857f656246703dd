// What chance or a scenario does to a simulated world, in words: `kill redis-0-1`, `cut sentinel-0 redis-0-0`.
// The table of them is in tests/fixtures/scenarios/README.md.
//
// Whoever is meant is named: processes as `redis-0-1`, `sentinel-2`, `writer-0`; `primary` or `primary-1`, the server
// of group 0 or 1 that is a primary now; `sentinels`, `servers`, `writers`, `all`; `sentinels-0` or `servers-1`, those
// of group 0 or 1; several of these with commas between them. As the second of two, `rest` are all sentinels and
// servers that are not among the first, and `others` the writers too.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "sim/world.h"

namespace vedette::sim {

// On failure nothing has happened: who or what is not known.
Status act(World& world, const std::vector<std::string>& words);

}  // namespace vedette::sim
