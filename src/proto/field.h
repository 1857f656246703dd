// The fields that messages of servers and peers are made of, taken from untrusted text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"

namespace vedette::proto {

inline constexpr std::size_t kMaxNameBytes = 255;

// The name of a primary: 1..kMaxNameBytes, without blanks, control characters or the comma that separates fields.
bool is_name(std::string_view text);

// An IP address in its canonical spelling, or a host name; nullopt for anything else.
std::optional<std::string> parse_host(std::string_view text);

// 1..65535
std::optional<std::uint16_t> parse_port(std::string_view text);

// Both of the above.
std::optional<Address> parse_address(std::string_view host, std::string_view port);

// 0..kMaxEpoch
std::optional<Epoch> parse_epoch(std::string_view text);

}  // namespace vedette::proto
