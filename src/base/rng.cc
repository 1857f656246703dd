#include "base/rng.h"

#include "base/hash.h"

namespace vedette {

std::uint64_t SplitMix64::next() {
  state_ += 0x9e3779b97f4a7c15U;  // the golden ratio in 64 bits: consecutive states land far apart
  return mix64(state_);
}

}  // namespace vedette
