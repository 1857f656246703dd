// One seed, split into named streams of random numbers, so that drawing more of one kind does not change another: a new
// fault leaves the delays of the network as they were.
#pragma once

#include <string_view>

#include "base/hash.h"
#include "base/ids.h"
#include "base/rng.h"

namespace vedette::sim {

class RandomStreams {
 public:
  explicit RandomStreams(std::uint64_t seed) : seed_(seed) {}

  // The same name gives the same numbers.
  SplitMix64 stream(std::string_view name) const { return SplitMix64(stable_hash(name, seed_)); }

 private:
  std::uint64_t seed_;
};

inline bool happens(Rng& rng, double probability) {
  return static_cast<double>(rng.next() >> 11) * 0x1.0p-53 < probability;
}

RunId random_run_id(Rng& rng);

}  // namespace vedette::sim
