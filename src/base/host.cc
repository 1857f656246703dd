#include "base/host.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.h"

namespace vedette {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; }
constexpr bool is_name_character(char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; }

constexpr std::size_t kGroups = 8;
using Groups = std::array<std::uint16_t, kGroups>;

// Four decimal octets, as the two 16-bit groups that they are in an IPv6 address.
std::optional<std::array<std::uint16_t, 2>> parse_ipv4(std::string_view text) {
  if (std::count(text.begin(), text.end(), '.') != 3) return std::nullopt;
  std::array<std::uint16_t, 2> groups{};
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string_view part = text.substr(0, text.find('.'));
    const bool leading_zero = part.size() > 1 && part[0] == '0';
    const auto octet = parse_integer<std::uint8_t>(part);
    if (!octet || leading_zero) return std::nullopt;
    groups[i / 2] = static_cast<std::uint16_t>(groups[i / 2] << 8 | *octet);
    text.remove_prefix(std::min(part.size() + 1, text.size()));
  }
  return groups;
}

std::optional<std::uint16_t> parse_group(std::string_view text) {
  if (text.empty() || text.size() > 4 || !std::all_of(text.begin(), text.end(), is_hex_digit)) return std::nullopt;
  std::uint16_t group = 0;
  std::from_chars(text.data(), text.data() + text.size(), group, 16);
  return group;
}

// The groups of one side of `::`, or of the whole address. An IPv4 address may stand for the last two.
std::optional<std::vector<std::uint16_t>> parse_side(std::string_view text, bool is_end) {
  std::vector<std::uint16_t> groups;
  if (text.empty()) return groups;
  const auto parts = split(text, ':');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (const auto group = parse_group(parts[i])) {
      groups.push_back(*group);
      continue;
    }
    const auto ipv4 = is_end && i + 1 == parts.size() ? parse_ipv4(parts[i]) : std::nullopt;
    if (!ipv4) return std::nullopt;
    groups.insert(groups.end(), ipv4->begin(), ipv4->end());
  }
  return groups;
}

std::optional<Groups> parse_ipv6(std::string_view text) {
  const std::size_t gap = text.find("::");
  const bool has_gap = gap != std::string_view::npos;
  const auto head = parse_side(text.substr(0, gap), !has_gap);
  const auto tail = parse_side(has_gap ? text.substr(gap + 2) : std::string_view(), true);
  if (!head || !tail) return std::nullopt;
  const std::size_t given = head->size() + tail->size();
  if (has_gap ? given >= kGroups : given != kGroups) return std::nullopt;
  Groups groups{};
  std::copy(head->begin(), head->end(), groups.begin());
  std::copy(tail->begin(), tail->end(), groups.end() - static_cast<std::ptrdiff_t>(tail->size()));
  return groups;
}

struct Run {
  std::size_t begin = kGroups;
  std::size_t size = 0;
};

// The first of the longest runs of zeros: what `::` stands for. A single zero is written out.
Run longest_zeros(const Groups& groups) {
  Run longest;
  for (std::size_t i = 0; i < kGroups; ++i) {
    std::size_t end = i;
    while (end < kGroups && groups[end] == 0) ++end;
    if (end - i > longest.size) longest = {i, end - i};
    if (end > i) i = end;
  }
  return longest.size > 1 ? longest : Run{};
}

std::string format_ipv4(std::uint16_t high, std::uint16_t low) {
  return fmt::format("{}.{}.{}.{}", high >> 8, high & 0xff, low >> 8, low & 0xff);
}

std::string format_ipv6(const Groups& groups) {
  const bool is_mapped_ipv4 = groups[5] == 0xffff && std::all_of(groups.begin(), groups.begin() + 5,
                                                                 [](std::uint16_t group) { return group == 0; });
  if (is_mapped_ipv4) return "::ffff:" + format_ipv4(groups[6], groups[7]);
  const Run zeros = longest_zeros(groups);
  std::string text;
  for (std::size_t i = 0; i < kGroups; ++i) {
    if (i == zeros.begin) {
      text += "::";
      i += zeros.size - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    text += fmt::format("{:x}", groups[i]);
  }
  return text;
}

bool is_zone(std::string_view text) {
  constexpr std::size_t kMaxZoneBytes = 32;
  return !text.empty() && text.size() <= kMaxZoneBytes &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_name_character(c) || c == '.'; });
}

}  // namespace

std::optional<std::string> canonical_ip(std::string_view text) {
  if (parse_ipv4(text)) return std::string(text);  // there is only one way to write it
  const std::size_t percent = text.find('%');
  const auto ipv6 = parse_ipv6(text.substr(0, percent));
  if (!ipv6) return std::nullopt;
  if (percent == std::string_view::npos) return format_ipv6(*ipv6);
  if (!is_zone(text.substr(percent + 1))) return std::nullopt;
  return format_ipv6(*ipv6).append(text.substr(percent));
}

bool is_ip_literal(std::string_view text) { return canonical_ip(text).has_value(); }

bool is_loopback(std::string_view ip) { return ip.starts_with("127.") || ip == "::1" || ip.starts_with("::ffff:127."); }

bool is_host_name(std::string_view text) {
  if (text.size() > kMaxHostNameBytes || std::none_of(text.begin(), text.end(), &is_letter)) return false;
  if (text.back() == '.') text.remove_suffix(1);  // the root's dot
  constexpr std::size_t kMaxLabelBytes = 63;
  const auto labels = split(text, '.');
  return std::all_of(labels.begin(), labels.end(), [](std::string_view label) {
    return !label.empty() && label.size() <= kMaxLabelBytes &&
           std::all_of(label.begin(), label.end(), &is_name_character);
  });
}

}  // namespace vedette
