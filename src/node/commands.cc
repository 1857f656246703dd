#include "node/commands.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "node/permissions.h"

namespace vedette::node {
namespace {

// How much of what it does not know an error repeats.
constexpr std::size_t kMaxEchoBytes = 128;

const Command* find_top_level(std::string_view name) {
  for (const Command* command : all_commands()) {
    if (equals_ignoring_case(command->name, name)) return command;
  }
  return nullptr;
}

const Command* find_subcommand(const Command& container, std::string_view name) {
  const std::size_t before_name = container.name.size() + 1;
  const auto& all = container.subcommands;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Command& command) {
    return equals_ignoring_case(command.name.substr(before_name), name);
  });
  return found == all.end() ? nullptr : &*found;
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

void refuse_unknown_subcommand(Request& request, const Command& container) {
  request.reply.error(fmt::format("ERR unknown subcommand '{}'. Try {} HELP.",
                                  std::string_view(request.arguments[1]).substr(0, kMaxEchoBytes),
                                  to_upper(container.name)));
}

// A browser made to talk to us by a hostile page sends this as its first line or header. What follows could be
// commands of the attacker's choice, so it gets no answer to anything.
bool is_http(std::string_view word) {
  return equals_ignoring_case(word, "post") || equals_ignoring_case(word, "host:");
}

void close_on_http(Request& request) {
  request.sessions.logger().log(
      core::Level::kWarning,
      fmt::format("Closing the connection of {}: it sends HTTP, which may be an attack that makes a browser issue "
                  "commands. Nothing was executed",
                  to_string(request.session.remote)));
  request.session.out.clear();
  request.sessions.end(request.session);
}

// Null if there is none, and then the client has been told.
const Command* resolve(Request& request) {
  const std::string_view name = request.sessions.settings().renamed.own_name(request.arguments[0]);
  const Command* command = find_called(name, std::span(request.arguments).subspan(1));
  if (command != nullptr) return command;
  if (const Command* container = find_top_level(name)) {
    refuse_unknown_subcommand(request, *container);
  } else {
    refuse_unknown_command(request);
  }
  return nullptr;
}

}  // namespace

const std::vector<const Command*>& all_commands() {
  static const std::vector<const Command*> all_of_them = [] {
    std::vector<const Command*> all{&sentinel_command(), &client_command(), &acl_command(), &command_command()};
    for (const auto family : {connection_commands(), pubsub_commands(), server_commands()}) {
      for (const Command& command : family) all.push_back(&command);
    }
    return all;
  }();
  return all_of_them;
}

const Command* find_command(std::string_view name) {
  const std::size_t bar = name.find('|');
  const Command* command = find_top_level(name.substr(0, bar));
  if (command == nullptr || bar == std::string_view::npos) return command;
  return find_subcommand(*command, name.substr(bar + 1));
}

const Command* find_called(std::span<const std::string> words) { return find_called(words[0], words.subspan(1)); }

const Command* find_called(std::string_view first, std::span<const std::string> others) {
  const Command* command = find_top_level(first);
  if (command == nullptr || command->subcommands.empty() || others.empty()) return command;
  return find_subcommand(*command, others[0]);
}

bool Command::takes(std::size_t words) const {
  return arity < 0 ? words >= static_cast<std::size_t>(-arity) : words == static_cast<std::size_t>(arity);
}

void dispatch(Request& request) {
  if (is_http(request.arguments[0])) return close_on_http(request);
  // CLIENT CACHING is about the next command, and the subcommands of CLIENT do not count.
  auto& tracking = request.session.tracking;
  if (tracking && find_top_level(request.arguments[0]) != &client_command()) tracking->asked = false;
  const Command* command = resolve(request);
  if (command == nullptr) return;
  request.session.last_command = command->name;
  if (!command->takes(request.arguments.size())) {
    return request.reply.error(fmt::format("ERR wrong number of arguments for '{}' command", command->name));
  }
  if (!command->has(kBeforeAuth)) {
    if (!request.is_authenticated()) return request.reply.error("NOAUTH Authentication required.");
    if (refuse_without_permission(request, *command)) return;
  }
  if (request.is_from_resp2_subscriber() && !command->has(kWhileSubscribed)) {
    return request.reply.error(
        fmt::format("ERR Can't execute '{}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed "
                    "in this context",
                    command->name));
  }
  command->run(request);
}

void write_help(Request& request, const Command& container) {
  const auto& all = container.subcommands;
  const auto is_listed = [](const Command& entry) { return !entry.usage.empty(); };
  request.reply.array(1 + 2 * static_cast<std::size_t>(std::count_if(all.begin(), all.end(), is_listed)));
  request.reply.simple(
      fmt::format("{} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:", to_upper(container.name)));
  for (const Command& entry : all) {
    if (!is_listed(entry)) continue;
    request.reply.simple(entry.usage);
    request.reply.simple(fmt::format("    {}", entry.summary));
  }
}

}  // namespace vedette::node
