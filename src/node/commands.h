// The commands that clients can use: one table per family, found here by name, and dispatched here.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/command.h"
#include "node/request.h"

namespace vedette::node {

// The families. Those with subcommands are one command.
std::span<const Command> connection_commands();
std::span<const Command> pubsub_commands();
std::span<const Command> server_commands();
const Command& client_command();
const Command& acl_command();
const Command& command_command();
const Command& sentinel_command();

// All that are not subcommands, in the order in which they are told.
const std::vector<const Command*>& all_commands();

// By its name, in any case; a subcommand by "container|subcommand". Null if there is none.
const Command* find_command(std::string_view name);

// The one that these words call: a subcommand if the first names a container and there is a second, else the container.
// Null if there is none. At least one word.
const Command* find_called(std::span<const std::string> words);
const Command* find_called(std::string_view first, std::span<const std::string> others);

// Carries out a request, or says why not.
void dispatch(Request& request);

// The reply to `<container> HELP`: what the table says.
void write_help(Request& request, const Command& container);

}  // namespace vedette::node
