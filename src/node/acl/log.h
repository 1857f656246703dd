// What was refused to whom: ACL LOG. Refusals of the same thing to the same user within a minute are one entry.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "base/time.h"

namespace vedette::node::acl {

struct LogEntry {
  std::uint64_t count = 1;
  std::string_view reason;  // "command", "channel" or "auth"
  std::string object;       // the command or the channel that was refused, or the one that was to authenticate
  std::string user;
  std::string client;  // its line of CLIENT LIST, without the line end
  Instant at{};        // when it last happened
};

class Log {
 public:
  // Of objects and names, which clients choose; the rest is cut.
  static constexpr std::size_t kMaxTextBytes = 1024;
  static constexpr Seconds kGroupedFor{60};

  explicit Log(std::uint64_t max_entries) : max_entries_(max_entries) {}

  void add(LogEntry entry);
  void clear() { entries_.clear(); }

  // The latest first.
  const std::deque<LogEntry>& entries() const { return entries_; }

 private:
  const std::uint64_t max_entries_;
  std::deque<LogEntry> entries_;
};

}  // namespace vedette::node::acl
