// The requests that a sentinel sends to servers and to its peers, as plain arguments.
//
// Administrators may have renamed commands on their servers: every command's name goes through `renamed`. Names of
// subcommands cannot be renamed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "proto/hello.h"

namespace vedette::proto {

// A command's name in upper case -> what to send instead. Commands that are not in it keep their name.
using RenamedCommands = std::map<std::string, std::string>;

namespace request {

using Arguments = std::vector<std::string>;

// Without a user, the form that servers before Redis 6 know.
Arguments auth(std::string_view user, std::string_view password, const RenamedCommands& renamed);
// From its reply on, the server answers in RESP3. One that does not know it refuses.
Arguments speak_resp3(const RenamedCommands& renamed);
Arguments client_setname(std::string_view name, const RenamedCommands& renamed);
Arguments ping(const RenamedCommands& renamed);
Arguments info(const RenamedCommands& renamed);
Arguments info_of_sentinel();  // only what it is
Arguments subscribe_hello(const RenamedCommands& renamed);
Arguments publish_hello(const Hello& hello, const RenamedCommands& renamed);

// Asks a peer for its opinion of the primary and, with a candidate, for its vote at that epoch.
Arguments is_primary_down(const Address& primary, Epoch epoch, const std::optional<RunId>& candidate,
                          const RenamedCommands& renamed);

// What makes a server a replica of `primary`, or a primary itself. All or nothing: a client that stays connected, or a
// configuration that is not rewritten, would undo it later. The answer to the last one tells how it went.
std::vector<Arguments> reconfigure(const std::optional<Address>& primary, const RenamedCommands& renamed);

Arguments script_kill(const RenamedCommands& renamed);

}  // namespace request
}  // namespace vedette::proto
