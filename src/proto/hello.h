// The hello message: how sentinels find each other and spread configurations.
//
// Eight comma-separated fields on the channel `__sentinel__:hello`:
// ip,port,runid,current_epoch,master_name,master_ip,master_port,master_config_epoch
#pragma once

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

// Refuses a message with another number of fields, a port outside 1..65535, a run id that is not one, or a host or
// name that is empty or longer than kMaxHelloField bytes or has blanks or control characters in it.
inline constexpr std::size_t kMaxHelloField = 255;
Result<Hello> parse_hello(std::string_view text);
std::string format_hello(const Hello& hello);

}  // namespace vedette::proto
