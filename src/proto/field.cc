#include "proto/field.h"

#include <algorithm>
#include <utility>

#include "base/host.h"
#include "base/text.h"

namespace vedette::proto {

bool is_name(std::string_view text) {
  const auto is_barred = [](char c) {
    constexpr unsigned char kDelete = 0x7f;
    const auto byte = static_cast<unsigned char>(c);
    return byte <= ' ' || byte == kDelete || c == ',';
  };
  return !text.empty() && text.size() <= kMaxNameBytes && std::none_of(text.begin(), text.end(), is_barred);
}

std::optional<std::string> parse_host(std::string_view text) {
  if (auto ip = canonical_ip(text)) return ip;
  if (!is_host_name(text)) return std::nullopt;
  return std::string(text);
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  const auto port = parse_integer<std::uint16_t>(text);
  return port == 0 ? std::nullopt : port;
}

std::optional<Address> parse_address(std::string_view host, std::string_view port) {
  auto parsed_host = parse_host(host);
  const auto parsed_port = parse_port(port);
  if (!parsed_host || !parsed_port) return std::nullopt;
  return Address{*std::move(parsed_host), *parsed_port};
}

std::optional<Epoch> parse_epoch(std::string_view text) {
  const auto number = parse_integer<std::uint64_t>(text);
  if (!number || Epoch{*number} > kMaxEpoch) return std::nullopt;
  return Epoch{*number};
}

}  // namespace vedette::proto
