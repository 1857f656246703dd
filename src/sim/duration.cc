#include "sim/duration.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <utility>

#include "base/text.h"

namespace vedette::sim {
namespace {

constexpr std::array<std::pair<std::string_view, Micros>, 5> kUnits{
    {{"h", std::chrono::hours(1)}, {"m", std::chrono::minutes(1)}, {"s", 1s}, {"ms", 1ms}, {"us", Micros(1)}}};

}  // namespace

Result<Micros> parse_duration(std::string_view text) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = parse_integer<std::int64_t>(text.substr(0, digits));
  for (const auto& [unit, length] : kUnits) {
    if (!count || text.substr(digits) != unit || *count > kLongestDuration / length) continue;
    return *count * length;
  }
  return Error{fmt::format("'{}' is no duration such as 200ms, 5s, 2m or 1h", escape_controls(text))};
}

std::string duration_text(Micros duration) {
  for (const auto& [unit, length] : kUnits) {
    if (duration % length == Micros{0}) return fmt::format("{}{}", duration / length, unit);
  }
  return fmt::format("{}us", duration.count());
}

}  // namespace vedette::sim
