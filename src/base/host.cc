#include "base/host.h"

#include <algorithm>

#include "base/text.h"

namespace vedette {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; }

bool is_ipv4_literal(std::string_view text) {
  const auto octets = split(text, '.');
  return octets.size() == 4 && std::all_of(octets.begin(), octets.end(), [](std::string_view octet) {
           return parse_integer<unsigned char>(octet).has_value() && (octet.size() == 1 || octet[0] != '0');
         });
}

// How many 16-bit groups a run of groups without `::` stands for; 0 if it is none. Only the last part of an address may
// end in an IPv4 address.
std::size_t count_groups(std::string_view text, bool is_last) {
  const auto groups = split(text, ':');
  std::size_t count = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const std::string_view group = groups[i];
    const bool is_hex = !group.empty() && group.size() <= 4 && std::all_of(group.begin(), group.end(), &is_hex_digit);
    if (is_hex) {
      count += 1;
    } else if (is_last && i + 1 == groups.size() && is_ipv4_literal(group)) {
      count += 2;
    } else {
      return 0;
    }
  }
  return count;
}

bool is_ipv6_literal(std::string_view text) {
  constexpr std::size_t kGroups = 8;
  if (const std::size_t zone = text.find('%'); zone != std::string_view::npos) {
    const std::string_view name = text.substr(zone + 1);
    if (name.empty() || !std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < '\x7f'; })) {
      return false;
    }
    text = text.substr(0, zone);
  }
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) return count_groups(text, true) == kGroups;
  const std::string_view before = text.substr(0, gap);
  const std::string_view after = text.substr(gap + 2);
  const std::size_t groups_before = count_groups(before, false);
  const std::size_t groups_after = count_groups(after, true);
  return (before.empty() || groups_before > 0) && (after.empty() || groups_after > 0) &&
         groups_before + groups_after < kGroups;
}

}  // namespace

bool is_ip_literal(std::string_view text) { return is_ipv4_literal(text) || is_ipv6_literal(text); }

bool is_host_name(std::string_view text) {
  if (text.size() > kMaxHostNameBytes || std::none_of(text.begin(), text.end(), &is_letter)) return false;
  if (text.back() == '.') text.remove_suffix(1);  // the root's dot
  constexpr std::size_t kMaxLabelBytes = 63;
  const auto labels = split(text, '.');
  return std::all_of(labels.begin(), labels.end(), [](std::string_view label) {
    return !label.empty() && label.size() <= kMaxLabelBytes && std::all_of(label.begin(), label.end(), [](char c) {
      return is_letter(c) || is_digit(c) || c == '-' || c == '_';
    });
  });
}

}  // namespace vedette
