// The hello message: how sentinels find each other and spread configurations.
//
// Eight comma-separated fields on the channel `__sentinel__:hello`:
// ip,port,runid,current_epoch,master_name,master_ip,master_port,master_config_epoch
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"

namespace vedette::proto {

inline constexpr std::string_view kHelloChannel = "__sentinel__:hello";

struct Hello {
  Address sender;  // where the sender listens
  RunId sender_id;
  Epoch current_epoch{0};
  std::string primary_name;
  Address primary;
  Epoch config_epoch{0};

  bool operator==(const Hello&) const = default;
};

// Two host names, a primary's name, and 40 digits of run id are the longest of it.
inline constexpr std::size_t kMaxHelloBytes = 1024;

// Refuses a message that is longer than kMaxHelloBytes, has another number of fields, or has one that is not what
// `proto/field.h` says of hosts, ports, epochs and names. Addresses come out in their canonical spelling.
Result<Hello> parse_hello(std::string_view text);

// For fields that `parse_hello` would take: gives them back.
std::string format_hello(const Hello& hello);

}  // namespace vedette::proto
