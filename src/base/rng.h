// The only source of randomness below `net/`: injected, so that a run can be replayed from its seed.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace vedette {

class Rng {
 public:
  virtual ~Rng() = default;
  virtual std::uint64_t next() = 0;  // uniform over all 64-bit values

  // Uniform in [0, bound); `bound` must be positive. The bias of the modulus is below 2^-32 for every bound used here.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }

  // Uniform in [low, high], to the microsecond.
  Micros between(Micros low, Micros high) {
    return low + Micros(static_cast<std::int64_t>(below(static_cast<std::uint64_t>((high - low).count()) + 1)));
  }
};

// SplitMix64: small, fast, and good enough for jitter and for simulations. Never for secrets or run ids.
class SplitMix64 final : public Rng {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() override;

 private:
  std::uint64_t state_;
};

}  // namespace vedette
