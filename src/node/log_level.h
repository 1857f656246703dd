// The levels of the log by the words of `loglevel`.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "base/check.h"
#include "core/effect.h"

namespace vedette::node {

inline constexpr std::array<std::string_view, 4> kLevelWords{"debug", "verbose", "notice", "warning"};  // as `Level`

constexpr std::string_view word_of(core::Level level) { return kLevelWords.at(static_cast<std::size_t>(level)); }

// `word` must be one of them, in lower case.
inline core::Level level_named(std::string_view word) {
  for (std::size_t i = 0; i < kLevelWords.size(); ++i) {
    if (kLevelWords[i] == word) return static_cast<core::Level>(i);
  }
  VEDETTE_CHECK(false, "a level of the log is checked where it is read");
  return core::Level::kNotice;
}

}  // namespace vedette::node
