// Bounds on what clients can cost us, whoever they are. A client that exceeds one is told so where it can be told, and
// its connection is closed; the others go on.
#pragma once

#include <cstddef>

#include "base/time.h"
#include "resp/request_decoder.h"

namespace vedette::node {

// One request. No command of a sentinel is longer; a data server takes 512 MiB.
inline constexpr std::size_t kMaxRequestBytes = 1U << 20;
inline constexpr std::size_t kMaxArgumentBytes = 512U << 10;
inline constexpr std::size_t kMaxArguments = 64U << 10;

// Requests that wait behind one that the core has not answered yet.
inline constexpr std::size_t kMaxWaitingBytes = 1U << 20;

// Questions of one client that the core has not answered yet. A peer asks for its vote on as many primaries as there
// are, with one connection for all of them.
inline constexpr std::size_t kMaxAwaitedAnswers = 16'384;

// Replies and messages that a client does not read, whatever `client-output-buffer-limit` says.
inline constexpr std::size_t kMaxUnsentBytes = 64U << 20;
// The same for a client that has not authenticated yet: nothing of use is said to it.
inline constexpr std::size_t kMaxUnsentStrangerBytes = 1U << 20;

// What is kept for all clients together: requests, replies, names, subscriptions.
inline constexpr std::size_t kMaxHeldBytes = 512U << 20;

// Subscriptions. Every event is matched against every pattern, so these also bound what an event costs.
inline constexpr std::size_t kMaxSubscriptions = 128;  // channels and patterns of one client; there are some 50 events
inline constexpr std::size_t kMaxPatterns = 10'000;    // different ones, of all clients together
inline constexpr std::size_t kMaxTopicBytes = 256;     // of the name of a channel, or of a pattern

// How exactly the `timeout` of idle clients is kept.
inline constexpr Seconds kIdleSweepPeriod{1};

// The decoder's limits for a client that has, or has not, authenticated.
constexpr resp::RequestLimits request_limits(bool authenticated) {
  resp::RequestLimits limits;
  limits.max_arguments = kMaxArguments;
  limits.max_bulk_bytes = kMaxArgumentBytes;
  limits.max_total_bytes = kMaxRequestBytes;
  limits.authenticated = authenticated;
  return limits;
}

}  // namespace vedette::node
