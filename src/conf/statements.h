// Statements: what the lines of a file say that `render` may change, and how they are written.
//
// A statement is one `sentinel` or `user` line, or a comment of ours. Its key says what it is about (the parallel-syncs
// of mymaster; the replica of mymaster at this address), so that a line in a file and a wish for what should be there
// find each other; its text is the line in canonical form, so that two statements say the same if and only if their
// texts are equal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "conf/model.h"

namespace vedette::conf {

// Begins the comments that are ours and not the user's: what the original has no line for, and needs not know.
inline constexpr std::string_view kCommentMark = "# vedette:";

// What a line is about.
struct Subject {
  std::string primary;  // whom it belongs to; empty: the whole sentinel
  std::string key;      // empty: nothing that `render` ever changes
};

Subject global_subject(std::string_view directive);
Subject option_subject(std::string_view primary, std::string_view option);
Subject command_subject(std::string_view primary, std::string_view command);
Subject replica_subject(std::string_view primary, const Address& address);
Subject sentinel_subject(std::string_view primary, const RunId& id);
Subject user_subject(std::string_view name);
Subject lineage_subject(std::string_view primary);
Subject last_known_subject(std::string_view primary, const Address& address);
Subject upstream_subject(std::string_view primary);
Subject unknown_subject(std::string_view primary);  // of which nothing is ever said

struct Statement {
  std::string key;
  std::string text;         // without line end
  bool is_default = false;  // says no more than its absence would: written only in place of a line of the user's
};

// Everything that `settings` says, in the order in which new statements are written. Empty strings and unknown ids say
// nothing.
std::vector<Statement> statements_of(const SentinelSettings& settings);

}  // namespace vedette::conf
