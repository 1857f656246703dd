// How many files, and so sockets, this process may have open, and how many clients it can serve with that.
#pragma once

#include "base/result.h"
#include "node/ports.h"

namespace vedette::net {

// Below this nothing useful can be done.
inline constexpr std::uint64_t kMinOpenFiles = 64;

// The clients that can be served when `limit` files may be open and `reserved` of them are wanted for ourselves.
// Clients never get less than half: more monitored servers than descriptors must not lock everybody out.
unsigned affordable_clients(std::uint64_t limit, unsigned wanted_clients, std::uint64_t reserved);

// Raises the limit of open files (RLIMIT_NOFILE) as far as needed and allowed. Returns how many clients may be served,
// after logging a warning if they are fewer than wanted.
Result<unsigned> raise_file_limit(unsigned wanted_clients, std::uint64_t reserved, node::Logger& logger);

}  // namespace vedette::net
