// What clients may do, where the rules of `acl/` meet the clients: requests are refused and noted, connections end when
// their user's rights do, and the ACL file becomes the users of this node.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "node/command.h"
#include "node/request.h"

namespace vedette::node {

// Notes a refusal for ACL LOG. `reason` is "command", "channel" or "auth".
void note_refusal(Request& request, std::string_view reason, std::string object, std::string_view user);

// Replies with an error and notes it, if the client's user may not do what the request wants.
bool refuse_without_permission(Request& request, const Command& command);

// Closes the connections of a user that is gone.
void end_clients_of(Sessions& sessions, std::string_view user);

// Closes those of an existing user that listen to what it may not hear any more.
void end_eavesdroppers(Sessions& sessions, std::string_view user);

// The ACL file was read for ACL LOAD: takes all users from it, or nothing. All users but the default one are new then,
// so their clients are closed.
void finish_acl_load(Sessions& sessions, Instant now, AnswerToken token, const Result<std::string>& text);

// The ACL file was written for ACL SAVE.
void finish_acl_save(Sessions& sessions, Instant now, AnswerToken token, const Status& result);

}  // namespace vedette::node
