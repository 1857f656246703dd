#include "sim/random_streams.h"

#include <fmt/format.h>

namespace vedette::sim {

RunId random_run_id(Rng& rng) {
  return RunId{fmt::format("{:016x}{:016x}{:08x}", rng.next(), rng.next(), rng.below(std::uint64_t{1} << 32))};
}

}  // namespace vedette::sim
