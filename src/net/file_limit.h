// How many files, and so sockets, this process may have open, and how many clients it can serve with that.
#pragma once

#include "base/result.h"
#include "conf/model.h"
#include "node/ports.h"

namespace vedette::net {

// Below this nothing useful can be done.
inline constexpr std::uint64_t kMinOpenFiles = 64;

// Descriptors that are not for clients that we serve: listeners, files, clients that shake hands, and up to two links
// to every server that is known or expected. A peer is one, however many primaries it shares with us.
std::uint64_t files_for_ourselves(const conf::Configuration& configuration);

// The clients that can be served when `limit` files may be open and `reserved` of them are wanted for ourselves.
// Clients never get less than half: more monitored servers than descriptors must not lock everybody out.
unsigned affordable_clients(std::uint64_t limit, unsigned wanted_clients, std::uint64_t reserved);

// Raises the limit of open files (RLIMIT_NOFILE) as far as needed and allowed. Returns how many clients may be served,
// after logging a warning if they are fewer than wanted.
Result<unsigned> raise_file_limit(unsigned wanted_clients, std::uint64_t reserved, node::Logger& logger);

// Warns, once, when nine of ten descriptors are in use.
class FileLimitWatch {
 public:
  explicit FileLimitWatch(node::Logger& logger) : logger_(logger) {}

  // The kernel gives away the lowest number that is free, so that a great one tells that nearly all are in use.
  void opened(int descriptor);

 private:
  node::Logger& logger_;
  int highest_ = -1;  // only when it grows is the kernel asked for the limit, which may have been changed by then
  bool told_ = false;
};

}  // namespace vedette::net
