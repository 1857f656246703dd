#include "node/hello_link.h"

#include <fmt/format.h>

#include <utility>

#include "proto/requests.h"
#include "resp/writer.h"

namespace vedette::node {

std::optional<Instant> HelloLink::silent_at() const {
  if (!link_.is_up()) return std::nullopt;
  return heard_at_ + kMaxHelloSilence;
}

void HelloLink::on_up(Instant now) {
  heard_at_ = now;
  std::string bytes;
  auto requests = introduction_.requests();
  requests.push_back(proto::request::subscribe_hello(introduction_.renames));
  pending_rights_.clear();
  for (const auto& request : requests) {
    resp::append_request(bytes, request);
    pending_rights_.push_back(right_for(request, introduction_.renames));
  }
  link_.send(now, std::move(bytes));
}

void HelloLink::on_down(Instant, core::LinkFault) {}

void HelloLink::on_value(Instant now, const resp::Value& value) {
  const bool is_message = value.is_sequence() && value.elements.size() == 3 && value.elements[0].text == "message";
  if (!is_message && !pending_rights_.empty()) {
    const bool is_told = rights_.are_shown_by(value, pending_rights_.front(), link_.address());
    pending_rights_.pop_front();
    if (is_told) return;
  }
  if (value.is_error()) {
    if (std::exchange(last_complaint_, value.text) == value.text) return;
    logger_.log(core::Level::kWarning,
                fmt::format("{} refuses our subscription: {}", to_string(link_.address()), value.text));
    return;
  }
  if (!is_message) return;
  heard_at_ = now;
  const auto hello = proto::parse_hello(value.elements[2].text);
  if (hello) facts_(now, core::HelloReceived{*hello});
}

}  // namespace vedette::node
