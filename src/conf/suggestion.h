// "Did you mean ...?" for words that are one slip of the finger away from a known one.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace vedette::conf {

inline constexpr std::size_t kMaxComparedBytes = 255;

// How many characters have to be inserted, removed, replaced or swapped with their neighbour to make `b` of `a`;
// `limit` if it is as many or more, or if one of them is longer than kMaxComparedBytes.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

// "; did you mean 'x'?" with the nearest candidate, after `prefix`, or nothing when none is near. The first of equally
// near ones wins.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates,
                         std::string_view prefix = {});

}  // namespace vedette::conf
