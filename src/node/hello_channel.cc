#include "node/hello_channel.h"

#include <fmt/format.h>

#include <utility>

#include "proto/hello.h"

namespace vedette::node {

bool HelloChannel::hears(Instant now, const resp::Value& value) {
  if (!value.is_sequence() || value.elements.size() != 3 || value.elements[0].text != "message") return false;
  heard_at_ = now;
  auto hello = proto::parse_hello(value.elements[2].text);
  if (hello) facts_(now, core::HelloReceived{*std::move(hello), server_});
  return true;
}

void HelloChannel::refused(const Address& server, const resp::Value& error) {
  if (std::exchange(last_complaint_, error.text) == error.text) return;
  logger_.log(core::Level::kWarning, fmt::format("{} refuses our subscription: {}", to_string(server), error.text));
}

}  // namespace vedette::node
