// The names that sentinels give to their connections by CLIENT SETNAME: `sentinel-94ae46a6-cmd` says which sentinel
// called, as far as the first digits of its run id go, and what for. Anyone can choose such a name: it is a hint.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"

namespace vedette::proto {

enum class LinkPurpose : std::uint8_t { kCommands, kSubscription };

inline constexpr std::size_t kLinkNameDigits = 8;

// It is an error to ask for the name of a link of an unknown sentinel.
std::string link_name(const RunId& sentinel, LinkPurpose purpose);

// The first digits of the run id in a name of either purpose; nullopt if it is not the name of a sentinel's link.
std::optional<std::string> sentinel_digits(std::string_view link_name);

}  // namespace vedette::proto
