// What may stand for a machine: an IP address written out, or a name. Only the form is looked at; nothing is resolved.
#pragma once

#include <cstddef>
#include <string_view>

namespace vedette {

inline constexpr std::size_t kMaxHostNameBytes = 253;

// A dotted quad without leading zeros, or an IPv6 address (`::`, an IPv4 tail and a `%zone` among its forms), without
// brackets or port.
bool is_ip_literal(std::string_view text);

// Labels of letters, digits, '-' and '_' between dots; at least one letter, so that a mistyped IPv4 address is none.
bool is_host_name(std::string_view text);

}  // namespace vedette
