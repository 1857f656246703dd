#include "node/hello_link.h"

#include <utility>

#include "proto/requests.h"
#include "resp/writer.h"

namespace vedette::node {

void HelloLink::on_up(Instant now) {
  channel_.begin(now);
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
  if (channel_.hears(now, value)) return;
  if (!pending_rights_.empty()) {
    const bool is_told = rights_.are_shown_by(value, pending_rights_.front(), link_.address());
    pending_rights_.pop_front();
    if (is_told) return;
  }
  if (value.is_error()) channel_.refused(link_.address(), value);
}

}  // namespace vedette::node
