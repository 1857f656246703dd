// Commands on the connection itself: who the client is, and which protocol it speaks.

#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "node/client_command.h"
#include "node/commands.h"
#include "node/info_command.h"
#include "node/permissions.h"

namespace vedette::node {
namespace {

constexpr std::string_view kWrongPassword = "WRONGPASS invalid username-password pair or user is disabled.";

bool authenticate(Request& request, std::string_view user, std::string_view password) {
  if (!request.sessions.users().authenticate(user, password)) {
    note_refusal(request, "auth", request.arguments[0], user);
    return false;
  }
  request.session.user = user;
  request.session.set_authenticated(true);
  return true;
}

void auth(Request& request) {
  const auto& arguments = request.arguments;
  if (arguments.size() > 3) return request.reply.error("ERR syntax error");
  if (arguments.size() == 2 && request.sessions.users().default_user().needs_no_password()) {
    return request.reply.error(
        "ERR AUTH <password> called without any password configured for the default user. Are you sure your "
        "configuration is correct?");
  }
  const std::string_view user = arguments.size() == 3 ? std::string_view(arguments[1]) : acl::kDefaultUser;
  if (!authenticate(request, user, arguments.back())) return request.reply.error(kWrongPassword);
  request.reply.simple("OK");
}

void ping(Request& request) {
  const auto& arguments = request.arguments;
  if (arguments.size() > 2) {
    return request.reply.error("ERR wrong number of arguments for 'ping' command");
  }
  if (request.is_from_resp2_subscriber()) {
    request.reply.array(2);
    request.reply.bulk("pong");
    return request.reply.bulk(arguments.size() == 2 ? std::string_view(arguments[1]) : "");
  }
  if (arguments.size() == 2) return request.reply.bulk(arguments[1]);
  request.reply.simple("PONG");
}

// --- HELLO ----------------------------------------------------------------------------------------------------------

struct HelloOptions {
  std::optional<resp::Protocol> protocol;
  struct Credentials {
    std::string_view user;
    std::string_view password;
  };
  std::optional<Credentials> credentials;
  std::optional<std::string_view> name;
};

Result<HelloOptions> parse_hello_options(const std::vector<std::string>& arguments) {
  HelloOptions options;
  if (arguments.size() < 2) return options;
  const auto version = parse_integer<std::int64_t>(arguments[1]);
  if (!version) return Error{"ERR Protocol version is not an integer or out of range"};
  if (*version != 2 && *version != 3) return Error{"NOPROTO unsupported protocol version"};
  options.protocol = *version == 3 ? resp::Protocol::kResp3 : resp::Protocol::kResp2;
  for (std::size_t i = 2; i < arguments.size();) {
    const std::size_t values = arguments.size() - i - 1;
    if (equals_ignoring_case(arguments[i], "AUTH") && values >= 2) {
      options.credentials = {arguments[i + 1], arguments[i + 2]};
      i += 3;
    } else if (equals_ignoring_case(arguments[i], "SETNAME") && values >= 1) {
      if (!is_printable_name(arguments[i + 1])) return Error{std::string(kBadClientName)};
      options.name = arguments[i + 1];
      i += 2;
    } else {
      return Error{fmt::format("ERR Syntax error in HELLO option '{}'", arguments[i])};
    }
  }
  return options;
}

void write_hello(Request& request) {
  request.reply.map(6);
  request.reply.bulk("server");
  request.reply.bulk("redis");
  request.reply.bulk("version");
  request.reply.bulk(kRedisVersion);
  request.reply.bulk("proto");
  request.reply.integer(request.session.protocol == resp::Protocol::kResp3 ? 3 : 2);
  request.reply.bulk("id");
  request.reply.integer(static_cast<std::int64_t>(request.session.id));
  request.reply.bulk("mode");
  request.reply.bulk("sentinel");
  request.reply.bulk("modules");
  request.reply.array(0);
}

void hello(Request& request) {
  const auto options = parse_hello_options(request.arguments);
  if (!options) return request.reply.error(options.error().message);
  if (options->credentials && !authenticate(request, options->credentials->user, options->credentials->password)) {
    return request.reply.error(kWrongPassword);
  }
  if (!request.is_authenticated()) {
    return request.reply.error(
        "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> "
        "option can be used to authenticate the client and select the RESP protocol version at the same time");
  }
  if (options->name) request.session.name = *options->name;
  if (options->protocol) request.session.protocol = *options->protocol;
  request.reply = request.session.writer();
  write_hello(request);
}

// --- Leaving --------------------------------------------------------------------------------------------------------

void quit(Request& request) {
  request.reply.simple("OK");
  request.sessions.end(request.session);
}

void reset(Request& request) {
  Session& session = request.session;
  request.sessions.pubsub().drop(session.connection);
  session.name.clear();
  session.protocol = resp::Protocol::kResp2;
  session.replies = ReplyMode::kAll;
  session.tracking.reset();
  session.never_evicted = false;
  session.user = acl::kDefaultUser;
  session.set_authenticated(request.sessions.users().are_let_in());
  request.reply = session.writer();
  request.reply.simple("RESET");
}

constexpr std::uint16_t kForStrangers = kNoScript | kWhileUnready | kFast | kBeforeAuth | kWhileBusy;

constexpr std::array kConnectionCommands{
    Command{.name = "ping",
            .arity = -1,
            .run = &ping,
            .flags = kFast | kWhileSubscribed,
            .explicit_categories = kInConnection,
            .group = "connection",
            .since = "1.0.0",
            .summary = "Answers PONG, or the message that is given.",
            .tips = "request_policy:all_shards response_policy:all_succeeded"},
    Command{.name = "hello",
            .arity = -1,
            .run = &hello,
            .flags = kForStrangers,
            .explicit_categories = kInConnection,
            .group = "connection",
            .since = "6.0.0",
            .summary = "Chooses the protocol, authenticates and names the connection, all at once."},
    Command{.name = "auth",
            .arity = -2,
            .run = &auth,
            .flags = kForStrangers,
            .explicit_categories = kInConnection,
            .group = "connection",
            .since = "1.0.0",
            .complexity = "O(N) in the passwords of the user",
            .summary = "Says who the client is."},
    Command{.name = "quit",
            .arity = -1,
            .run = &quit,
            .flags = kForStrangers | kWhileSubscribed,
            .explicit_categories = kInConnection,
            .group = "connection",
            .since = "1.0.0",
            .summary = "Closes the connection, once all replies are sent."},
    Command{.name = "reset",
            .arity = 1,
            .run = &reset,
            .flags = kForStrangers | kWhileSubscribed,
            .explicit_categories = kInConnection,
            .group = "connection",
            .since = "6.2.0",
            .summary = "Makes the connection as it was when it was new."},
};

}  // namespace

std::span<const Command> connection_commands() { return kConnectionCommands; }

}  // namespace vedette::node
