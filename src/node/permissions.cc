#include "node/permissions.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "node/acl/files.h"
#include "node/client_command.h"

namespace vedette::node {
namespace {

// Whether a client listens to what its user may not hear, or not any more.
bool overhears(Sessions& sessions, const Session& session, const acl::User& user) {
  const PubSub& pubsub = sessions.pubsub();
  const auto channels = pubsub.channels.of(session.connection);
  const auto patterns = pubsub.patterns.of(session.connection);
  return !std::all_of(channels.begin(), channels.end(), [&](const auto& name) { return user.allows_channel(name); }) ||
         !std::all_of(patterns.begin(), patterns.end(), [&](const auto& name) { return user.allows_pattern(name); });
}

}  // namespace

void end_clients_of(Sessions& sessions, std::string_view user) {
  for (Session* session : sessions.all()) {
    if (session->user == user) sessions.end(*session);
  }
}

void end_eavesdroppers(Sessions& sessions, std::string_view user) {
  const acl::User& rights = *sessions.users().find(user);
  for (Session* session : sessions.all()) {
    if (session->user == user && overhears(sessions, *session, rights)) sessions.end(*session);
  }
}

void note_refusal(Request& request, std::string_view reason, std::string object, std::string_view user) {
  acl::LogEntry entry;
  entry.reason = reason;
  entry.object = std::move(object);
  entry.user = user;
  entry.client = trim(describe_client(request.sessions, request.session, request.now));
  entry.at = request.now;
  request.sessions.acl_log().add(std::move(entry));
}

bool refuse_without_permission(Request& request, const Command& command) {
  const acl::User* user = request.sessions.users().find(request.session.user);
  if (user == nullptr) {  // not before this very request is worked off: its client is closed after it
    request.reply.error("NOAUTH Authentication required.");
    return true;
  }
  auto denial = user->check(command, request.arguments);
  if (!denial) return false;
  if (denial->reason == acl::Denial::Reason::kCommand) {
    request.reply.error(fmt::format("NOPERM this user has no permissions to run the '{}' command", denial->object));
    note_refusal(request, "command", std::move(denial->object), request.session.user);
  } else {
    request.reply.error("NOPERM this user has no permissions to access one of the channels used as arguments");
    note_refusal(request, "channel", std::move(denial->object), request.session.user);
  }
  return true;
}

void finish_acl_load(Sessions& sessions, Instant now, AnswerToken token, const Result<std::string>& text) {
  const std::string& path = sessions.settings().acl_file;
  auto users = text ? acl::parse_acl_file(*text, path)
                    : Error{fmt::format("Error loading ACLs, opening file '{}': {}", path, text.error().message)};
  if (!users) return sessions.answer(now, core::AnswerOrder{token, Error{"ERR " + users.error().message}});
  sessions.users() = *std::move(users);
  const Session* asker = sessions.waiting_for(token);
  for (Session* session : sessions.all()) {
    const bool stays =
        session->user == acl::kDefaultUser && !overhears(sessions, *session, sessions.users().default_user());
    if (stays) continue;
    if (session == asker) {
      session->end = Close::kAfterSend;  // it is still to be told
    } else {
      sessions.end(*session);
    }
  }
  sessions.answer(now, core::AnswerOrder{token, Ok{}});
}

void finish_acl_save(Sessions& sessions, Instant now, AnswerToken token, const Status& result) {
  if (result) return sessions.answer(now, core::AnswerOrder{token, Ok{}});
  sessions.logger().log(core::Level::kWarning, fmt::format("Can't save the ACL file {}: {}",
                                                           sessions.settings().acl_file, result.error().message));
  sessions.answer(now, core::AnswerOrder{token, Error{"ERR There was an error trying to save the ACLs. Please check "
                                                      "the server logs for more information"}});
}

}  // namespace vedette::node
