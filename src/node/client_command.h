// What CLIENT shares with the other commands.
#pragma once

#include <string>
#include <string_view>

#include "node/sessions.h"

namespace vedette::node {

inline constexpr std::string_view kBadClientName =
    "ERR Client names cannot contain spaces, newlines or special characters.";

// Fit to stand in a line of CLIENT LIST: no blanks, no control characters, ASCII only. May be empty.
bool is_printable_name(std::string_view name);

// A line of CLIENT LIST, with its end.
std::string describe_client(Sessions& sessions, const Session& session, Instant now);

}  // namespace vedette::node
