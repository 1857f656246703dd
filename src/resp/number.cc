#include "resp/number.h"

#include "base/text.h"

namespace vedette::resp {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

void drop_sign(std::string_view& text) {
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) text.remove_prefix(1);
}

// Drops the digits at the front and says how many there were.
std::size_t drop_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  text.remove_prefix(count);
  return count;
}

}  // namespace

std::optional<std::int64_t> parse_canonical_integer(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.starts_with('0') && text != "0") return std::nullopt;
  return parse_integer<std::int64_t>(text);
}

bool is_double(std::string_view text) {
  drop_sign(text);
  if (equals_ignoring_case(text, "inf") || equals_ignoring_case(text, "nan")) return true;
  std::size_t digits = drop_digits(text);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    digits += drop_digits(text);
  }
  if (digits == 0) return false;
  if (text.empty() || ascii_lower(text.front()) != 'e') return text.empty();
  text.remove_prefix(1);
  drop_sign(text);
  return drop_digits(text) > 0 && text.empty();
}

bool is_big_number(std::string_view text) {
  drop_sign(text);
  return drop_digits(text) > 0 && text.empty();
}

}  // namespace vedette::resp
