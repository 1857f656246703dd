// Hashes that are the same on every machine and in every run: sentinels must compute the same order from the same
// names.
#pragma once

#include <cstdint>
#include <string_view>

namespace vedette {

// The finaliser of SplitMix64: a bijection in which every input bit changes about half of the output bits.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

// FNV-1a over the bytes, then mixed, since FNV alone leaves the high bits of short strings alike.
constexpr std::uint64_t stable_hash(std::string_view bytes, std::uint64_t seed = 0) {
  std::uint64_t hash = 0xcbf29ce484222325U ^ mix64(seed);
  for (const char c : bytes) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  return mix64(hash);
}

}  // namespace vedette
