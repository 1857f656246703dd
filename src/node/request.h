// One request of one client while a command works it off, with all that the command may look at and use.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/input.h"
#include "node/session.h"
#include "node/sessions.h"
#include "resp/writer.h"

namespace vedette::node {

struct Request {
  Sessions& sessions;
  Session& session;
  const std::vector<std::string>& arguments;  // the command's name among them
  const Instant now;
  resp::Writer reply;  // in the client's protocol when the request came

  const core::State& state() const { return sessions.view().state(); }

  // A client that has not said who it is may be let in all the same, and that may change.
  bool is_authenticated() const { return session.authenticated || sessions.users().are_let_in(); }

  // Such a client cannot tell replies from messages but by their form.
  bool is_from_resp2_subscriber() const {
    return session.protocol == resp::Protocol::kResp2 && sessions.pubsub().count(session.connection) > 0;
  }

  // The token of the core's answer, which will be this request's reply. Give it to `submit` at once, as the last thing
  // a command does: the answer may come before `submit` returns.
  AnswerToken await(AnswerForm form = AnswerForm::kOk) { return sessions.await(session, form); }
  void submit(const core::Input& input) { sessions.orders().submit(now, input); }
};

}  // namespace vedette::node
