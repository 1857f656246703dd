// Who takes part: three servers, called by their ports, and three sentinels A, B and C; and W, who writes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/ids.h"

namespace vedette::demo {

// Not the usual "mymaster": a sentinel that was left running on this machine would take ours for its own.
inline constexpr std::string_view kPrimaryName = "demo";
inline constexpr std::string_view kHost = "127.0.0.1";
inline constexpr std::size_t kServers = 3;
inline constexpr std::size_t kSentinels = 3;
inline constexpr unsigned kQuorum = 2;

// Whose column something is told in. The sentinels come first, in their order.
enum class Lane : std::uint8_t { kA, kB, kC, kWriter, kNobody };
inline constexpr std::array kLanes{Lane::kA, Lane::kB, Lane::kC, Lane::kWriter};

constexpr Lane sentinel_lane(std::size_t index) { return static_cast<Lane>(index); }
constexpr char letter(Lane lane) { return "ABCW "[static_cast<std::size_t>(lane)]; }

struct Roster {
  struct Sentinel {
    RunId id;
    std::uint16_t port = 0;
  };

  std::array<std::uint16_t, kServers> servers{};  // the first starts as the primary
  std::array<Sentinel, kSentinels> sentinels;

  std::optional<Lane> lane_of(std::string_view run_id) const {
    for (std::size_t i = 0; i < kSentinels; ++i) {
      if (sentinels[i].id.hex == run_id) return sentinel_lane(i);
    }
    return std::nullopt;
  }
};

}  // namespace vedette::demo
