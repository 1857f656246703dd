#include "conf/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/host.h"
#include "base/words.h"

namespace vedette::conf {
namespace {

constexpr bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool has_control(std::string_view text) { return std::any_of(text.begin(), text.end(), is_control); }

Error too_long(std::size_t size, std::size_t limit) {
  return Error{fmt::format("a value of {} bytes is too long: at most {} are allowed", size, limit)};
}

struct Unit {
  std::string_view name;
  std::uint64_t bytes;
};
constexpr std::array<Unit, 8> kUnits{{{"", 1},
                                      {"b", 1},
                                      {"k", 1000},
                                      {"kb", 1024},
                                      {"m", 1000 * 1000},
                                      {"mb", 1024 * 1024},
                                      {"g", 1000 * 1000 * 1000},
                                      {"gb", 1024 * 1024 * 1024}}};

}  // namespace

std::string shown(std::string_view word) {
  constexpr std::size_t kMaxShown = 64;
  const std::string quoted = quote_word(word.substr(0, kMaxShown));
  const std::string_view inside(quoted.data() + 1, quoted.size() - 2);
  return fmt::format("'{}{}'", inside, word.size() > kMaxShown ? "..." : "");
}

Result<bool> read_yes_no(std::string_view word) {
  if (equals_ignoring_case(word, "yes")) return true;
  if (equals_ignoring_case(word, "no")) return false;
  return Error{shown(word) + " must be 'yes' or 'no'"};
}

Result<std::uint64_t> read_number(std::string_view word, std::uint64_t low, std::uint64_t high) {
  const auto number = parse_integer<std::uint64_t>(word);
  if (!number || *number < low || *number > high) {
    return Error{fmt::format("{} must be a number from {} to {}", shown(word), low, high)};
  }
  return *number;
}

Result<std::uint16_t> read_port(std::string_view word) {
  const auto number = parse_integer<std::uint16_t>(word);
  if (!number || *number == 0) return Error{shown(word) + " must be a port, a number from 1 to 65535"};
  return *number;
}

Result<Epoch> read_epoch(std::string_view word) {
  const auto number = parse_integer<std::uint64_t>(word);
  if (!number) return Error{shown(word) + " must be an epoch, a number of at most 64 bits"};
  return Epoch{*number};
}

Result<Millis> read_period(std::string_view word, Millis low) {
  const auto number = parse_integer<std::int64_t>(word);
  if (!number || Millis(*number) < low || Millis(*number) > kMaxPeriod) {
    return Error{
        fmt::format("{} must be a number of milliseconds from {} to {}", shown(word), low.count(), kMaxPeriod.count())};
  }
  return Millis(*number);
}

Result<std::uint64_t> read_memory(std::string_view word) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto digits = static_cast<std::size_t>(std::find_if_not(word.begin(), word.end(), is_digit) - word.begin());
  const auto number = parse_integer<std::uint64_t>(word.substr(0, digits));
  const auto unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& candidate) {
    return equals_ignoring_case(candidate.name, word.substr(digits));
  });
  const bool fits =
      number && unit != kUnits.end() && *number <= std::numeric_limits<std::uint64_t>::max() / unit->bytes;
  if (!fits) return Error{shown(word) + " must be an amount of memory such as 1048576, 512kb or 32mb"};
  return *number * unit->bytes;
}

Result<std::string> read_choice(std::string_view word, std::span<const std::string_view> choices) {
  for (const std::string_view choice : choices) {
    if (equals_ignoring_case(word, choice)) return std::string(choice);
  }
  return Error{fmt::format("{} must be one of: {}", shown(word), fmt::join(choices.begin(), choices.end(), ", "))};
}

Result<std::string> read_text(std::string_view word) {
  if (word.size() > kMaxValueBytes) return too_long(word.size(), kMaxValueBytes);
  if (has_control(word)) return Error{shown(word) + " has control characters in it"};
  return std::string(word);
}

Result<std::string> read_secret(std::string_view word) {
  if (word.size() > kMaxValueBytes) return too_long(word.size(), kMaxValueBytes);
  return std::string(word);
}

Result<std::string> read_command_name(std::string_view word) {
  auto text = read_text(word);
  if (text && (word.empty() || word.find(' ') != std::string_view::npos)) {
    return Error{shown(word) + " is not the name of a command"};
  }
  return text;
}

Result<std::string> read_primary_name(std::string_view word) {
  if (word.empty()) return Error{"the name of a primary must not be empty"};
  if (word.size() > kMaxNameBytes) return too_long(word.size(), kMaxNameBytes);
  if (has_control(word) || word.find_first_of(" ,\"'") != std::string_view::npos) {
    return Error{fmt::format("{} cannot name a primary: blanks, commas, quotes and control characters are not allowed",
                             shown(word))};
  }
  return std::string(word);
}

Result<std::string> read_host(std::string_view word, bool hostnames_allowed) {
  if (auto ip = canonical_ip(word)) return *std::move(ip);
  if (!is_host_name(word)) return Error{shown(word) + " is neither an IP address nor a host name"};
  if (!hostnames_allowed) {
    return Error{shown(word) + " is not an IP address (host names need 'sentinel resolve-hostnames yes')"};
  }
  return std::string(word);
}

}  // namespace vedette::conf
