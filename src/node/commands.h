// The commands that clients can use: their names, how many arguments they take, when they are allowed, and who carries
// them out. One table per family; dispatch is the same for all.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "node/request.h"

namespace vedette::node {

enum CommandFlag : std::uint8_t {
  kBeforeAuth = 1,       // allowed to clients that have not authenticated
  kWhileSubscribed = 2,  // allowed to subscribers that speak RESP2, where replies and messages look alike
};

struct Command {
  std::string_view name;  // lower case; a subcommand's with its command's: "client|id"
  int arity = 0;          // words of the request: exactly as many, or at least as many if negative
  void (*run)(Request&) = nullptr;
  std::uint8_t flags = 0;
  std::string_view usage = {};                // for HELP; empty: not listed
  std::string_view summary = {};              // for HELP
  std::span<const Command> subcommands = {};  // if any, `run` is never called

  bool takes(std::size_t words) const;
  std::string_view own_name() const { return name.substr(name.find('|') + 1); }  // "id" of "client|id"
};

// The families.
std::span<const Command> connection_commands();
std::span<const Command> pubsub_commands();
std::span<const Command> server_commands();
std::span<const Command> client_subcommands();
std::span<const Command> sentinel_subcommands();

// Carries out a request, or says why not.
void dispatch(Request& request);

// The reply to `<command> HELP`: what the table says. `command` is in upper case.
void write_help(Request& request, std::string_view command, std::span<const Command> subcommands);

}  // namespace vedette::node
