#include "proto/requests.h"

#include <fmt/format.h>

namespace vedette::proto::request {
namespace {

// The request of `command`, a name in upper case, with further arguments.
template <typename... Texts>
Arguments make(const RenamedCommands& renamed, const char* command, Texts&&... arguments) {
  const auto sent_as = renamed.find(command);
  return {sent_as == renamed.end() ? command : sent_as->second, std::string(std::forward<Texts>(arguments))...};
}

}  // namespace

Arguments auth(std::string_view user, std::string_view password, const RenamedCommands& renamed) {
  return user.empty() ? make(renamed, "AUTH", password) : make(renamed, "AUTH", user, password);
}

Arguments speak_resp3(const RenamedCommands& renamed) { return make(renamed, "HELLO", "3"); }

Arguments client_setname(std::string_view name, const RenamedCommands& renamed) {
  return make(renamed, "CLIENT", "SETNAME", name);
}

Arguments ping(const RenamedCommands& renamed) { return make(renamed, "PING"); }

Arguments info(const RenamedCommands& renamed) { return make(renamed, "INFO"); }
Arguments info_of_sentinel() { return {"INFO", "server"}; }

Arguments subscribe_hello(const RenamedCommands& renamed) { return make(renamed, "SUBSCRIBE", kHelloChannel); }

Arguments publish_hello(const Hello& hello, const RenamedCommands& renamed) {
  return make(renamed, "PUBLISH", kHelloChannel, format_hello(hello));
}

Arguments is_primary_down(const Address& primary, Epoch epoch, const std::optional<RunId>& candidate,
                          const RenamedCommands& renamed) {
  return make(renamed, "SENTINEL", "is-master-down-by-addr", primary.host, fmt::to_string(primary.port),
              fmt::to_string(to_number(epoch)), candidate ? candidate->hex : "*");
}

std::vector<Arguments> reconfigure(const std::optional<Address>& primary, const RenamedCommands& renamed) {
  return {
      make(renamed, "MULTI"),
      primary ? make(renamed, "SLAVEOF", primary->host, fmt::to_string(primary->port))
              : make(renamed, "SLAVEOF", "NO", "ONE"),
      make(renamed, "CONFIG", "REWRITE"),
      make(renamed, "CLIENT", "KILL", "TYPE", "normal"),
      make(renamed, "CLIENT", "KILL", "TYPE", "pubsub"),
      make(renamed, "EXEC"),
  };
}

Arguments script_kill(const RenamedCommands& renamed) { return make(renamed, "SCRIPT", "KILL"); }

}  // namespace vedette::proto::request
