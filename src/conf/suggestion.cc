#include "conf/suggestion.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace vedette::conf {
namespace {

constexpr std::size_t kMaxWord = 64;  // nothing that long is a slip of a known word

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  std::array<std::array<std::uint16_t, kMaxComparedBytes + 1>, 3> rows{};
  auto* before_previous = &rows[0];
  auto* previous = &rows[1];
  auto* current = &rows[2];
  if (a.size() > kMaxComparedBytes || b.size() > kMaxComparedBytes) return limit;
  for (std::size_t j = 0; j <= b.size(); ++j) (*current)[j] = static_cast<std::uint16_t>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_previous, previous);
    std::swap(previous, current);
    (*current)[0] = static_cast<std::uint16_t>(i);
    std::size_t least = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = (*previous)[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
      std::size_t here = std::min<std::size_t>({(*previous)[j] + 1U, (*current)[j - 1] + 1U, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) here = std::min<std::size_t>(here, (*before_previous)[j - 2] + 1U);
      (*current)[j] = static_cast<std::uint16_t>(here);
      least = std::min(least, here);
    }
    if (least >= limit) return limit;  // no row below has less, not even by a swap with the row above
  }
  return std::min<std::size_t>((*current)[b.size()], limit);
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates, std::string_view prefix) {
  if (word.size() > kMaxWord) return {};
  std::string_view nearest;
  std::size_t least = word.size() / 3 + 1;  // a third of the word may be wrong
  for (const std::string_view candidate : candidates) {
    const auto [shorter, longer] = std::minmax({word.size(), candidate.size()});
    if (longer - shorter >= least) continue;
    const std::size_t distance = edit_distance(word, candidate, least);
    if (distance >= least) continue;
    least = distance;
    nearest = candidate;
  }
  return nearest.empty() ? std::string() : fmt::format("; did you mean '{}{}'?", prefix, nearest);
}

}  // namespace vedette::conf
