#include "node/command_link.h"

#include <fmt/format.h>

#include <utility>

#include "proto/requests.h"
#include "resp/writer.h"

namespace vedette::node {

void CommandLink::send(Instant now, const std::vector<std::string>& request, Purpose purpose) {
  if (!link_.is_up() || pending_.size() >= kMaxPendingCommands) return;
  std::string bytes;
  resp::append_request(bytes, request);
  pending_.push_back({std::move(purpose), right_for(request, introduction_.renames)});
  link_.send(now, std::move(bytes));
}

void CommandLink::ping(Instant now) { send(now, proto::request::ping(introduction_.renames), Ping{}); }
void CommandLink::ask_info(Instant now) { send(now, proto::request::info(introduction_.renames), Info{}); }

void CommandLink::ask_info_of_sentinel(Instant now) { send(now, proto::request::info_of_sentinel(), Info{}); }

void CommandLink::publish_hello(Instant now, const proto::Hello& hello) {
  send(now, proto::request::publish_hello(hello, introduction_.renames), Ignored{});
}

void CommandLink::ask_peer(Instant now, const core::AskPeer& question) {
  send(now,
       proto::request::is_primary_down(question.primary, question.epoch, question.candidate, introduction_.renames),
       Question{question.primary_name, question.primary, question.candidate ? question.epoch : Epoch{0}, now});
}

void CommandLink::reconfigure(Instant now, const std::optional<Address>& primary) {
  if (!has_transactions_) return change_role_plainly(now, primary);
  const auto transaction = proto::request::reconfigure(primary, introduction_.renames);
  for (std::size_t i = 0; i < transaction.size(); ++i) {
    const bool last = i + 1 == transaction.size();
    send(now, transaction[i], last ? Purpose{Transaction{primary}} : Purpose{Ignored{}});
  }
}

// A server that knows no transactions, or refuses a part of this one, is told the same without MULTI and EXEC around
// it: the change of role is what counts, the rest is welcome if it works.
void CommandLink::change_role_plainly(Instant now, const std::optional<Address>& primary) {
  const auto transaction = proto::request::reconfigure(primary, introduction_.renames);
  for (std::size_t i = 1; i + 1 < transaction.size(); ++i) {
    send(now, transaction[i], i == 1 ? Purpose{PlainRoleChange{}} : Purpose{Ignored{}});
  }
}

void CommandLink::kill_script(Instant now) { send(now, proto::request::script_kill(introduction_.renames), Ignored{}); }

// Again after a long silence, too: a server that runs a script, say, has refused the first.
void CommandLink::subscribe(Instant now) {
  channel_->begin(now);
  send(now, proto::request::subscribe_hello(introduction_.renames), Subscription{});
}

void CommandLink::on_up(Instant now) {
  pending_.clear();
  last_fault_ = core::LinkFault::kNone;
  hello_place_ = has_pushes_ ? HelloPlace::kNotKnownYet : HelloPlace::kElsewhere;
  for (const auto& request : introduction_.requests()) send(now, request, Greeting{});
  if (channel_ != nullptr && has_pushes_) send(now, proto::request::speak_resp3(introduction_.renames), Resp3Offer{});
  facts_(now, core::LinkUp{instance_});
}

void CommandLink::on_down(Instant now, core::LinkFault fault) {
  pending_.clear();
  if (fault != last_fault_) {
    logger_.log(core::Level::kVerbose, fmt::format("link to {}: {}", to_string(link_.address()), to_string(fault)));
  }
  last_fault_ = fault;
  facts_(now, core::LinkDown{instance_, fault});
}

void CommandLink::on_value(Instant now, const resp::Value& value) {
  if (value.is(resp::Type::kPush)) {
    take_push(now, value);
  } else {
    take_reply(now, value);
  }
}

// Messages come between the replies, and one push in place of the reply to SUBSCRIBE. None comes within the reply to
// EXEC, where it would count as an element: nothing in our transactions publishes.
void CommandLink::take_push(Instant now, const resp::Value& push) {
  if (hello_place_ != HelloPlace::kHere || channel_->hears(now, push)) return;
  const bool confirms = !push.elements.empty() && push.elements.front().text == "subscribe";
  if (confirms && next_is<Subscription>()) take_reply(now, push);
}

void CommandLink::take_reply(Instant now, const resp::Value& value) {
  if (pending_.empty()) {
    link_.fail(now, core::LinkFault::kProtocol);
    return;
  }
  const Pending answered = std::move(pending_.front());
  pending_.pop_front();
  if (value.is(resp::Type::kSimpleString) && value.text == "QUEUED" && !may_be_queued(answered.purpose)) {
    link_.fail(now, core::LinkFault::kProtocol);  // the server will do nothing for this connection any more
    return;
  }
  const bool is_told = needs_right(answered.purpose) && rights_.are_shown_by(value, answered.right, link_.address());
  if (is_told && is_only_logged(answered.purpose)) return;
  std::visit([&](const auto& known) { take(now, known, value); }, answered.purpose);
}

bool CommandLink::may_be_queued(const Purpose& purpose) {
  return std::holds_alternative<Ignored>(purpose) || std::holds_alternative<Transaction>(purpose);
}

// Without RESP3 we do as well.
bool CommandLink::needs_right(const Purpose& purpose) { return !std::holds_alternative<Resp3Offer>(purpose); }

// If it is refused, that is.
bool CommandLink::is_only_logged(const Purpose& purpose) {
  return std::holds_alternative<Greeting>(purpose) || std::holds_alternative<Subscription>(purpose);
}

void CommandLink::take(Instant, const Ignored&, const resp::Value&) {}

void CommandLink::take(Instant, const Greeting&, const resp::Value& value) {
  if (!value.is_error()) return;
  if (std::exchange(last_complaint_, value.text) == value.text) return;
  logger_.log(core::Level::kWarning,
              fmt::format("{} refuses our introduction: {}", to_string(link_.address()), value.text));
}

void CommandLink::take(Instant now, const Resp3Offer&, const resp::Value& value) {
  if (value.is(resp::Type::kMap)) {
    hello_place_ = HelloPlace::kHere;
    subscribe(now);
    return;
  }
  hello_place_ = HelloPlace::kElsewhere;
  logger_.log(core::Level::kVerbose, fmt::format("{} does not take HELLO 3, hellos need a second connection{}{}",
                                                 to_string(link_.address()), value.is_error() ? ": " : "", value.text));
}

// A server that confirms by a reply would send messages as replies, too, and we could not tell which is which.
void CommandLink::take(Instant now, const Subscription&, const resp::Value& value) {
  if (value.is_error()) {
    channel_->refused(link_.address(), value);
  } else if (!value.is(resp::Type::kPush)) {
    has_pushes_ = false;
    link_.fail(now, core::LinkFault::kProtocol);
  }
}

void CommandLink::take(Instant now, const Ping&, const resp::Value& value) {
  facts_(now, core::PingReplied{instance_, proto::classify_ping_reply(value)});
}

void CommandLink::take(Instant now, const Info&, const resp::Value& value) {
  if (value.is_text()) {
    facts_(now, core::InfoReplied{instance_, value.text});
  } else {
    facts_(now, core::InfoRefused{instance_});
  }
}

void CommandLink::take(Instant now, const Question& question, const resp::Value& value) {
  const auto reply = proto::parse_down_reply(value);
  if (!reply) return;
  facts_(now, core::PeerAnswered{instance_, question.primary, question.about, question.candidacy, question.asked_at,
                                 *reply});
}

void CommandLink::take(Instant now, const Transaction& transaction, const resp::Value& value) {
  const bool executed = value.is(resp::Type::kArray) && !value.elements.empty();
  if (!executed) {
    // A server that refuses EXEC for any other reason than what was in the transaction is still within it.
    has_transactions_ = value.is_error() && value.text.starts_with("EXECABORT");
    if (!has_transactions_) send(now, {"DISCARD"}, Ignored{});
    change_role_plainly(now, transaction.primary);
    return;
  }
  facts_(now, core::ReconfigureReplied{instance_, !value.elements.front().is_error()});
}

void CommandLink::take(Instant now, const PlainRoleChange&, const resp::Value& value) {
  facts_(now, core::ReconfigureReplied{instance_, !value.is_error()});
}

}  // namespace vedette::node
