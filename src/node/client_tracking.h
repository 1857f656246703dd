// CLIENT TRACKING: what a client wants to hear of keys that change. A sentinel has no keys, so nothing is ever said;
// but libraries turn it on, ask for it and turn it off, and get the answers that they know.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

namespace vedette::node {

// Of the prefixes of one client. The original knows no such limit.
inline constexpr std::size_t kMaxTrackedPrefixes = 64;
inline constexpr std::size_t kMaxTrackedPrefixBytes = 256;

struct Tracking {
  enum class Keys : std::uint8_t { kAll, kIfAsked, kUnlessAsked, kByPrefix };  // -, OPTIN, OPTOUT, BCAST

  Keys keys = Keys::kAll;
  bool no_loop = false;
  std::uint64_t redirect = 0;  // to the client of this number; 0: to none
  std::set<std::string> prefixes;
  bool asked = false;  // CLIENT CACHING, for the next command
};

}  // namespace vedette::node
