// Small, locale-free text helpers: ASCII only, as the protocol is.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vedette {

constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr char ascii_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
constexpr bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f');
}
constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);

// Equal but for the case of ASCII letters.
bool equals_ignoring_case(std::string_view a, std::string_view b);

// The whole text as a decimal number of type T: no sign for unsigned types, no blanks, no rest, no overflow.
template <std::integral T>
std::optional<T> parse_integer(std::string_view text) {
  T number{};
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc{} || rest != end) return std::nullopt;
  return number;
}

// The pieces between separators; adjacent separators give empty pieces, and an empty text one empty piece.
std::vector<std::string_view> split(std::string_view text, char separator);

std::string_view trim(std::string_view text);

// How many bytes the character of UTF-8 at the beginning of `text` has, which is not empty; 0: it begins with none.
std::size_t utf8_size(std::string_view text);

// The text with its control characters as `\n`, `\r`, `\t` or `\x1b`, those of eight bits and bytes that are no UTF-8
// included, so that it stays on one line and cannot command a terminal. It is for people, and not to be reversed.
std::string escape_controls(std::string_view text);

// The glob of Redis: `*`, `?`, `[abc]`, `[a-z]`, `[^a]`, and `\` to escape. Takes time linear in both lengths for
// patterns with one `*`, and is bounded by their product otherwise (no exponential patterns).
bool glob_matches(std::string_view pattern, std::string_view text, bool ignore_case = false);

}  // namespace vedette
