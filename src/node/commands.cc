#include "node/commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace vedette::node {
namespace {

// How much of what it does not know an error repeats.
constexpr std::size_t kMaxEchoBytes = 128;

const Command* find_command(std::string_view name) {
  static const std::array<Command, 2> kContainers{{
      {.name = "sentinel", .arity = -2, .subcommands = sentinel_subcommands()},
      {.name = "client", .arity = -2, .subcommands = client_subcommands()},
  }};
  static const std::array<std::span<const Command>, 4> kFamilies{connection_commands(), kContainers, pubsub_commands(),
                                                                 server_commands()};
  for (const auto& family : kFamilies) {
    for (const Command& command : family) {
      if (equals_ignoring_case(command.name, name)) return &command;
    }
  }
  return nullptr;
}

const Command* find_subcommand(std::span<const Command> subcommands, std::string_view name) {
  const auto found = std::find_if(subcommands.begin(), subcommands.end(), [name](const Command& command) {
    return equals_ignoring_case(command.own_name(), name);
  });
  return found == subcommands.end() ? nullptr : &*found;
}

void refuse_unknown_command(Request& request) {
  const auto& arguments = request.arguments;
  std::string echo;
  for (std::size_t i = 1; i < arguments.size() && echo.size() < kMaxEchoBytes; ++i) {
    echo += fmt::format("'{}' ", std::string_view(arguments[i]).substr(0, kMaxEchoBytes - echo.size()));
  }
  request.reply.error(fmt::format("ERR unknown command '{}', with args beginning with: {}",
                                  std::string_view(arguments[0]).substr(0, kMaxEchoBytes), echo));
}

void refuse_unknown_subcommand(Request& request, const Command& command) {
  std::string upper(command.name);
  std::transform(upper.begin(), upper.end(), upper.begin(), ascii_upper);
  request.reply.error(fmt::format("ERR unknown subcommand '{}'. Try {} HELP.",
                                  std::string_view(request.arguments[1]).substr(0, kMaxEchoBytes), upper));
}

// Null if there is none, and then the client has been told.
const Command* resolve(Request& request) {
  const Command* command = find_command(request.arguments[0]);
  if (command == nullptr) {
    refuse_unknown_command(request);
    return nullptr;
  }
  if (command->subcommands.empty() || request.arguments.size() < 2) return command;
  const Command* subcommand = find_subcommand(command->subcommands, request.arguments[1]);
  if (subcommand == nullptr) refuse_unknown_subcommand(request, *command);
  return subcommand;
}

}  // namespace

bool Command::takes(std::size_t words) const {
  return arity < 0 ? words >= static_cast<std::size_t>(-arity) : words == static_cast<std::size_t>(arity);
}

void dispatch(Request& request) {
  const Command* command = resolve(request);
  if (command == nullptr) return;
  if (!command->takes(request.arguments.size())) {
    return request.reply.error(fmt::format("ERR wrong number of arguments for '{}' command", command->name));
  }
  if (!request.session.authenticated && (command->flags & kBeforeAuth) == 0) {
    return request.reply.error("NOAUTH Authentication required.");
  }
  if (request.is_from_resp2_subscriber() && (command->flags & kWhileSubscribed) == 0) {
    return request.reply.error(
        fmt::format("ERR Can't execute '{}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed "
                    "in this context",
                    command->name));
  }
  request.session.last_command = command->name;
  command->run(request);
}

void write_help(Request& request, std::string_view command, std::span<const Command> subcommands) {
  const auto is_listed = [](const Command& entry) { return !entry.usage.empty(); };
  const auto listed = std::count_if(subcommands.begin(), subcommands.end(), is_listed);
  request.reply.array(1 + 2 * static_cast<std::size_t>(listed));
  request.reply.simple(fmt::format("{} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:", command));
  for (const Command& entry : subcommands) {
    if (!is_listed(entry)) continue;
    request.reply.simple(entry.usage);
    request.reply.simple(fmt::format("    {}", entry.summary));
  }
}

}  // namespace vedette::node
