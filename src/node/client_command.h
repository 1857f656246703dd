// CLIENT: what it shares with the other commands, and those of its subcommands that are not in `client_command.cc`.
#pragma once

#include <string>
#include <string_view>

#include "node/sessions.h"

namespace vedette::node {

struct Request;

inline constexpr std::string_view kBadClientName =
    "ERR Client names cannot contain spaces, newlines or special characters.";

// Fit to stand in a line of CLIENT LIST: no blanks, no control characters, ASCII only. May be empty.
bool is_printable_name(std::string_view name);

// A line of CLIENT LIST, with its end.
std::string describe_client(Sessions& sessions, const Session& session, Instant now);

namespace client {

// client_modes.cc
void reply(Request& request);
void no_evict(Request& request);
void unblock(Request& request);
void pause(Request& request);
void unpause(Request& request);

// client_tracking.cc
void tracking(Request& request);
void caching(Request& request);
void getredir(Request& request);
void trackinginfo(Request& request);

}  // namespace client
}  // namespace vedette::node
