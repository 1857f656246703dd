// How fuzzers cut a stream into pieces: from the stream itself, so that corpora are plain streams.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/rng.h"

namespace vedette::fuzz {

// For `testing::decode_in_pieces`: byte by byte, and in some pieces of up to 16 bytes.
inline std::vector<std::vector<std::uint8_t>> cuts_for(std::string_view stream) {
  SplitMix64 rng(stable_hash(stream));
  std::vector<std::uint8_t> some(1 + rng.below(8));
  for (std::uint8_t& cut : some) cut = static_cast<std::uint8_t>(rng.below(16));
  return {{0}, some};
}

}  // namespace vedette::fuzz
