// What may stand for a machine: an IP address written out, or a name. Only the form is looked at; nothing is resolved.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace vedette {

inline constexpr std::size_t kMaxHostNameBytes = 253;

// The one spelling of an IP address, so that equal addresses are equal texts: a dotted quad without leading zeros, or
// an IPv6 address as RFC 5952 writes it (`2001:db8::1`) with its zone, if any (`fe80::1%eth0`), without brackets or
// port. nullopt for whatever is not an IP address, and for the historic forms such as `127.1` or `0x7f.1`.
std::optional<std::string> canonical_ip(std::string_view text);

bool is_ip_literal(std::string_view text);

// Whether this IP address, in its canonical spelling, is of this very machine only.
bool is_loopback(std::string_view ip);

// Labels of letters, digits, '-' and '_' between dots; at least one letter, so that a mistyped IPv4 address is none.
bool is_host_name(std::string_view text);

}  // namespace vedette
