// The forms that numbers take on the wire.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace vedette::resp {

// A decimal number as Redis itself writes it: no plus sign, no leading zeros, no "-0". Servers and clients agree on
// what such a text means, which is what lengths need.
std::optional<std::int64_t> parse_canonical_integer(std::string_view text);

// `inf`, `-inf`, `nan`, `-nan`, or decimal digits with an optional sign, fraction and exponent.
bool is_double(std::string_view text);

// Digits, with an optional sign.
bool is_big_number(std::string_view text);

}  // namespace vedette::resp
