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
    Command{"info", -1, &info},
    Command{"role", 1, &role},
    Command{"shutdown", -1, &shutdown},
};

}  // namespace

std::span<const Command> server_commands() { return kServerCommands; }

}  // namespace vedette::node
