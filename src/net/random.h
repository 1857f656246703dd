// Randomness from the kernel (getrandom): fit for identities as well as for jitter.
#pragma once

#include <array>

#include "base/ids.h"
#include "base/rng.h"

namespace vedette::net {

class SystemRandom final : public Rng {
 public:
  std::uint64_t next() override;

 private:
  // Fetched in one system call at a time.
  std::array<std::uint64_t, 32> pool_{};
  std::size_t left_ = 0;
};

// 40 hexadecimal digits from the kernel's generator.
RunId random_run_id();

}  // namespace vedette::net
