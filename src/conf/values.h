// Single values of directives: what is well-formed, and what to say when it is not. Each reader takes one word as it
// stands after unquoting; the messages are written to follow "line N: ".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/text.h"
#include "base/time.h"
#include "conf/model.h"

namespace vedette::conf {

// The word in quotes for a message, cut when long, so that control characters never reach a terminal.
std::string shown(std::string_view word);

Result<bool> read_yes_no(std::string_view word);

// A decimal number from `low` to `high`, without sign, blanks or unit.
Result<std::uint64_t> read_number(std::string_view word, std::uint64_t low, std::uint64_t high);

// The same as a type of its own, such as `unsigned` or `Seconds`.
template <typename T, std::uint64_t kLow, std::uint64_t kHigh>
Result<T> read_bounded(std::string_view word) {
  const auto number = read_number(word, kLow, kHigh);
  if (!number) return number.error();
  return static_cast<T>(*number);
}

Result<std::uint16_t> read_port(std::string_view word);  // 1..65535
Result<Epoch> read_epoch(std::string_view word);
Result<Millis> read_period(std::string_view word, Millis low);  // up to kMaxPeriod

// "0", "1024", "32mb": k, m, g are powers of 1000, and kb, mb, gb powers of 1024.
Result<std::uint64_t> read_memory(std::string_view word);

// One of `choices`, whatever its case; gives it in the spelling of `choices`.
Result<std::string> read_choice(std::string_view word, std::span<const std::string_view> choices);

// Text for people, paths and names: up to kMaxValueBytes, no control characters.
Result<std::string> read_text(std::string_view word);

// A password: up to kMaxValueBytes of anything.
Result<std::string> read_secret(std::string_view word);

// The name of a command: text without blanks, not empty.
Result<std::string> read_command_name(std::string_view word);

// The name of a primary. It becomes a field of comma-separated messages and of lines of words: no blanks, commas,
// quotes or control characters; 1..kMaxNameBytes.
Result<std::string> read_primary_name(std::string_view word);

// An IP address, in its canonical spelling, or a host name where these are allowed.
Result<std::string> read_host(std::string_view word, bool hostnames_allowed);

}  // namespace vedette::conf
