// What one sentinel says in one line of its log, in the format that people know from Redis:
//
//   12345:X 24 Nov 2026 05:38:37.123 # +sdown master mymaster 127.0.0.1 6379
//
// The log is the only source of what the demo tells about the sentinels.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apps/demo/roster.h"
#include "base/time.h"

namespace vedette::demo {

struct Report {
  Lane who = Lane::kNobody;
  WallTime at{};
  std::string event;  // its name, with the sign; empty where the line is a plain sentence
  std::string text;   // the event's payload, or the sentence
};

// Takes the time of the log for UTC. Nullopt for what is no line of a log.
std::optional<Report> parse_report(Lane who, std::string_view line);

}  // namespace vedette::demo
