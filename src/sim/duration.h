// Durations as people write them: `200ms`, `5s`, `2m`, `1h`.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace vedette::sim {

inline constexpr Micros kLongestDuration = std::chrono::hours(10'000);

// A whole number with one of the units us, ms, s, m, h; at most `kLongestDuration`.
Result<Micros> parse_duration(std::string_view text);

// In the greatest unit that gives a whole number: what `parse_duration` reads.
std::string duration_text(Micros duration);

}  // namespace vedette::sim
