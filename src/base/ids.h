// The names by which things are known: epochs, run ids, addresses, and the core's own handles.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace vedette {

// A logical time of the cluster. Never goes back. 0 means "never".
enum class Epoch : std::uint64_t {};
// Nobody gets here by counting. A greater one is a fault or an attack, and is ignored, so that `next` cannot overflow.
inline constexpr Epoch kMaxEpoch{std::uint64_t{1} << 62};
constexpr std::uint64_t to_number(Epoch epoch) { return static_cast<std::uint64_t>(epoch); }
constexpr Epoch next(Epoch epoch) { return Epoch{to_number(epoch) + 1}; }

// Counts the changes of the durable state within one process. Revision 0 is what was read at start.
enum class Revision : std::uint64_t {};
constexpr Revision next(Revision revision) { return Revision{static_cast<std::uint64_t>(revision) + 1}; }

// A monitored server or a peer process, for as long as this process knows it. Never reused.
enum class InstanceId : std::uint64_t {};

// A question that a client asked and that the core will answer once. Never reused.
enum class AnswerToken : std::uint64_t {};

// The 40 hexadecimal digits by which a Redis server or a sentinel process names itself. Empty: not known yet.
struct RunId {
  static constexpr std::size_t kLength = 40;

  std::string hex;

  bool known() const { return !hex.empty(); }
  auto operator<=>(const RunId&) const = default;
};

// Refuses what is not exactly 40 lower- or upper-case hexadecimal digits.
Result<RunId> parse_run_id(std::string_view text);

// Where an instance listens. `host` is an IP literal, or a name where names are allowed; it is never empty for a real
// instance. The address is an attribute of an instance, not its identity.
struct Address {
  std::string host;
  std::uint16_t port = 0;

  auto operator<=>(const Address&) const = default;
};

// "host:port", with brackets around an IPv6 host: for people. The wire writes host and port apart.
std::string to_string(const Address& address);

}  // namespace vedette

template <>
struct std::hash<vedette::RunId> {
  std::size_t operator()(const vedette::RunId& id) const noexcept { return std::hash<std::string>{}(id.hex); }
};

template <>
struct std::hash<vedette::Address> {
  std::size_t operator()(const vedette::Address& address) const noexcept {
    return std::hash<std::string>{}(address.host) * 31 + address.port;
  }
};
