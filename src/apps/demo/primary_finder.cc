#include "apps/demo/primary_finder.h"

#include <string>
#include <utility>

#include "base/text.h"

namespace vedette::demo {

PrimaryFinder::PrimaryFinder(net::asio::io_context& loop, const Roster& roster, OnFound on_found)
    : roster_(roster),
      on_found_(std::move(on_found)),
      client_(loop, {.connected =
                         [this] {
                           client_.send({"SENTINEL", "GET-MASTER-ADDR-BY-NAME", std::string(kPrimaryName)});
                         },
                     .received = [this](const resp::Value& reply) { take(reply); },
                     .ended = [this] { give_up_on_this_one(); }}),
      alarm_(loop) {}

void PrimaryFinder::find() { ask_next(); }

void PrimaryFinder::stop() {
  client_.close();
  alarm_.cancel();
}

void PrimaryFinder::ask_next() {
  asked_ = (asked_ + 1) % kSentinels;
  client_.connect(roster_.sentinels[asked_].port);
  alarm_.set(kPatience, [this] { give_up_on_this_one(); });
}

// [host, port], or null
void PrimaryFinder::take(const resp::Value& reply) {
  const auto port = reply.elements.size() == 2 ? parse_integer<std::uint16_t>(reply.elements[1].text) : std::nullopt;
  if (!port) return give_up_on_this_one();
  stop();
  on_found_(sentinel_lane(asked_), *port);
}

void PrimaryFinder::give_up_on_this_one() {
  client_.close();
  alarm_.set(kPause, [this] { ask_next(); });
}

}  // namespace vedette::demo
