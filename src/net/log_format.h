// How one entry of the log is written: as Redis writes it, as a JSON object, or as the key=value pairs of logfmt.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/effect.h"

namespace vedette::net {

enum class LogFormat : std::uint8_t { kRedis, kJson, kLogfmt };

struct LogEntry {
  core::Level level;
  std::chrono::system_clock::time_point at;
  std::int64_t pid;
  std::string_view text;  // free of control characters
};

// One line, with its line end. The text of an entry is cut where it takes more than `max_text_bytes` as it is written.
//
//   12345:X 24 Nov 2026 05:38:37.123 # +sdown master mymaster 127.0.0.1 6379
//   {"time":"2026-11-24T05:38:37.123Z","pid":12345,"role":"sentinel","level":"warning","message":"+sdown master ..."}
//   pid=12345 role=sentinel timestamp="2026-11-24T05:38:37.123Z" level=warning message="+sdown master ..."
std::string format_line(LogFormat format, const LogEntry& entry, std::size_t max_text_bytes);

// What goes to syslog: the priority, of the facility and the level, then who says it.
std::string format_syslog(int facility, std::string_view ident, const LogEntry& entry);

}  // namespace vedette::net
