// CLIENT subcommands that change how this connection, or all of them, are served.

#include <fmt/format.h>

#include "base/text.h"
#include "conf/model.h"
#include "node/client_command.h"
#include "node/request.h"

namespace vedette::node::client {
namespace {

// More words than any form of a subcommand has: for some of them the original has an error of its own.
void refuse_surplus(Request& request) {
  request.reply.error(fmt::format("ERR unknown subcommand or wrong number of arguments for '{}'. Try CLIENT HELP.",
                                  request.arguments[1]));
}

}  // namespace

void reply(Request& request) {
  Session& session = request.session;
  const std::string_view mode = request.arguments[2];
  if (equals_ignoring_case(mode, "ON")) {
    session.replies = ReplyMode::kAll;
    request.reply = session.writer();
    return request.reply.simple("OK");
  }
  if (equals_ignoring_case(mode, "OFF")) {
    session.replies = ReplyMode::kNone;
  } else if (!equals_ignoring_case(mode, "SKIP")) {
    return request.reply.error("ERR syntax error");
  } else if (session.replies != ReplyMode::kNone) {
    session.replies = ReplyMode::kNotToNext;
  }
}

void no_evict(Request& request) {
  const bool on = equals_ignoring_case(request.arguments[2], "ON");
  if (!on && !equals_ignoring_case(request.arguments[2], "OFF")) return request.reply.error("ERR syntax error");
  request.session.never_evicted = on;
  request.reply.simple("OK");
}

// No command of a sentinel blocks until another client does something, so there is never anyone to unblock.
void unblock(Request& request) {
  const auto& arguments = request.arguments;
  if (arguments.size() > 4) return refuse_surplus(request);
  if (arguments.size() == 4 && !equals_ignoring_case(arguments[3], "TIMEOUT") &&
      !equals_ignoring_case(arguments[3], "ERROR")) {
    return request.reply.error("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
  }
  if (!parse_integer<std::int64_t>(arguments[2])) {
    return request.reply.error("ERR value is not an integer or out of range");
  }
  request.reply.integer(0);
}

void pause(Request& request) {
  const auto& arguments = request.arguments;
  if (arguments.size() > 4) return refuse_surplus(request);
  const bool only_writes = arguments.size() == 4 && equals_ignoring_case(arguments[3], "WRITE");
  if (arguments.size() == 4 && !only_writes && !equals_ignoring_case(arguments[3], "ALL")) {
    return request.reply.error("ERR CLIENT PAUSE mode must be WRITE or ALL");
  }
  const auto millis = parse_integer<std::int64_t>(arguments[2]);
  if (!millis || *millis > conf::kMaxPeriod.count()) {
    return request.reply.error("ERR timeout is not an integer or out of range");
  }
  if (*millis < 0) return request.reply.error("ERR timeout is negative");
  if (!only_writes) request.sessions.pause_until(request.now + Millis(*millis));  // no command of ours writes
  request.reply.simple("OK");
}

// Nothing is paused when this is worked off: what is paused is that requests are.
void unpause(Request& request) { request.reply.simple("OK"); }

}  // namespace vedette::node::client
