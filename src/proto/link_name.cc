#include "proto/link_name.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "base/text.h"

namespace vedette::proto {
namespace {

constexpr std::string_view kPrefix = "sentinel-";
constexpr std::string_view kCommands = "-cmd";
constexpr std::string_view kSubscription = "-pubsub";

}  // namespace

std::string link_name(const RunId& sentinel, LinkPurpose purpose) {
  VEDETTE_CHECK(sentinel.known(), "a link has the name of a known sentinel");
  return fmt::format("{}{}{}", kPrefix, std::string_view(sentinel.hex).substr(0, kLinkNameDigits),
                     purpose == LinkPurpose::kCommands ? kCommands : kSubscription);
}

std::optional<std::string> sentinel_digits(std::string_view link_name) {
  if (!link_name.starts_with(kPrefix)) return std::nullopt;
  const std::string_view rest = link_name.substr(kPrefix.size());
  const std::string_view digits = rest.substr(0, kLinkNameDigits);
  const std::string_view purpose = rest.substr(digits.size());
  if (digits.size() != kLinkNameDigits || !std::all_of(digits.begin(), digits.end(), is_hex_digit)) return std::nullopt;
  if (purpose != kCommands && purpose != kSubscription) return std::nullopt;
  return std::string(digits);
}

}  // namespace vedette::proto
