// Commands on the process as a whole.

#include <array>

#include "base/text.h"
#include "node/commands.h"
#include "node/info_command.h"

namespace vedette::node {
namespace {

void role(Request& request) {
  request.reply.array(2);
  request.reply.bulk("sentinel");
  request.reply.array(request.state().primaries.size());
  for (const auto& [name, primary] : request.state().primaries) request.reply.bulk(name);
}

// The state is saved in any case: NOSAVE is about a data set, and there is none.
void shutdown(Request& request) {
  bool save = false;
  bool nosave = false;
  bool abort = false;
  for (std::size_t i = 1; i < request.arguments.size(); ++i) {
    const std::string word = to_lower(request.arguments[i]);
    save |= word == "save";
    nosave |= word == "nosave";
    abort |= word == "abort";
    const bool is_known = word == "save" || word == "nosave" || word == "now" || word == "force" || word == "abort";
    if (!is_known) return request.reply.error("ERR syntax error");
  }
  if ((save && nosave) || (abort && request.arguments.size() > 2)) return request.reply.error("ERR syntax error");
  if (abort) return request.reply.error("ERR No shutdown in progress.");
  request.sessions.orders().shut_down();
}

constexpr std::array kServerCommands{
    Command{.name = "info",
            .arity = -1,
            .run = &info,
            .flags = kWhileUnready,
            .explicit_categories = kInDangerous,
            .group = "server",
            .since = "1.0.0",
            .summary = "What the process and the sentinel say of themselves, in sections.",
            .tips = "nondeterministic_output request_policy:all_shards response_policy:special"},
    Command{.name = "role",
            .arity = 1,
            .run = &role,
            .flags = kNoScript | kWhileUnready | kFast,
            .explicit_categories = only(Category::kAdmin) | kInDangerous,
            .group = "server",
            .since = "2.8.12",
            .summary = "That this is a sentinel, and the names of its masters."},
    Command{.name = "shutdown",
            .arity = -1,
            .run = &shutdown,
            .flags = kAdmin | kNoScript | kWhileUnready | kNotInMulti | kWhileBusy,
            .group = "server",
            .since = "1.0.0",
            .summary = "Ends the process, once its state is saved."},
};

}  // namespace

std::span<const Command> server_commands() { return kServerCommands; }

}  // namespace vedette::node
