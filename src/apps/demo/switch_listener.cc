#include "apps/demo/switch_listener.h"

#include <string>
#include <utility>

#include "apps/demo/roster.h"
#include "base/text.h"
#include "proto/names.h"

namespace vedette::demo {

SwitchListener::SwitchListener(net::asio::io_context& loop, std::uint16_t sentinel, OnSwitch on_switch)
    : sentinel_(sentinel),
      on_switch_(std::move(on_switch)),
      client_(loop, {.connected =
                         [this] {
                           client_.send({"SUBSCRIBE", std::string(proto::event::kSwitchPrimary)});
                         },
                     .received = [this](const resp::Value& message) { take(message); },
                     .ended = [this] { alarm_.set(kPause, [this] { start(); }); }}),
      alarm_(loop) {}

void SwitchListener::start() { client_.connect(sentinel_); }

// ["message", channel, "<name> <old ip> <old port> <ip> <port>"]
void SwitchListener::take(const resp::Value& message) {
  if (message.elements.size() != 3 || message.elements[0].text != "message") return;
  const auto words = split(message.elements[2].text, ' ');
  if (words.size() != 5 || words[0] != kPrimaryName) return;
  if (const auto port = parse_integer<std::uint16_t>(words[4])) on_switch_(*port);
}

}  // namespace vedette::demo
