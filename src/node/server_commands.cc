// Commands on the process as a whole.

#include <algorithm>
#include <array>
#include <set>
#include <string>

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
  std::set<std::string> words;
  for (std::size_t i = 1; i < request.arguments.size(); ++i) words.insert(to_lower(request.arguments[i]));
  const std::set<std::string> known{"save", "nosave", "now", "force", "abort"};
  const bool all_known = std::includes(known.begin(), known.end(), words.begin(), words.end());
  const bool abort = words.count("abort") > 0;
  if (!all_known || (words.count("save") > 0 && words.count("nosave") > 0) || (abort && words.size() > 1)) {
    return request.reply.error("ERR syntax error");
  }
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
