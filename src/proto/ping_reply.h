// What the answer to a PING says about an instance.
#pragma once

#include <cstdint>
#include <string_view>

#include "resp/value.h"

namespace vedette::proto {

enum class PingReply : std::uint8_t {
  kPong,
  kLoading,        // -LOADING     alive: the data set is being read
  kPrimaryDown,    // -MASTERDOWN  alive: a replica that refuses stale reads
  kBusy,           // -BUSY        a script runs and does not end
  kMisconfigured,  // -MISCONF     the server refuses writes
  kUnauthorized,   // -NOAUTH, -WRONGPASS, -NOPERM
  kOther,          // anything else
};

PingReply classify_ping_reply(const resp::Value& value);

// PONG, LOADING and MASTERDOWN count as a sign of life, everything else does not (as in the original: a primary whose
// writes fail with -MISCONF on PING is failed over).
constexpr bool is_sign_of_life(PingReply reply) {
  return reply == PingReply::kPong || reply == PingReply::kLoading || reply == PingReply::kPrimaryDown;
}

// For logs: "pong", "loading", ...
std::string_view to_string(PingReply reply);

}  // namespace vedette::proto
