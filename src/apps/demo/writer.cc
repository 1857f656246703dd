#include "apps/demo/writer.h"

#include <fmt/format.h>

#include <utility>

#include "apps/demo/numbers.h"
#include "net/clock.h"
#include "proto/names.h"

namespace vedette::demo {

Writer::Writer(net::asio::io_context& loop, const Roster& roster, OnBeat on_beat)
    : on_beat_(std::move(on_beat)),
      finder_(loop, roster,
              [this](Lane told_by, std::uint16_t port) {
                hint_ = Hint{told_by, net::wall_now()};
                connect(port);
              }),
      client_(loop, {.connected = [this] { write(); },
                     .received = [this](const resp::Value& reply) { take(reply); },
                     .ended = [this] { lose(); }}),
      alarm_(loop),
      acknowledged_(kKeys) {
  for (std::size_t i = 0; i < kSentinels; ++i) {
    listeners_[i] = std::make_unique<SwitchListener>(
        loop, roster.sentinels[i].port, [this, i](std::uint16_t port) { take_switch(sentinel_lane(i), port); });
  }
}

std::string Writer::key(std::size_t number) { return fmt::format("vedette-demo:{}", number); }

void Writer::start() {
  for (const auto& listener : listeners_) listener->start();
  seek();
}

void Writer::stop() {
  finder_.stop();
  client_.close();
  alarm_.cancel();
  writes_to_ = 0;
}

void Writer::seek() {
  target_ = 0;
  alarm_.cancel();
  finder_.find();
}

void Writer::connect(std::uint16_t port) {
  target_ = port;
  finder_.stop();
  client_.connect(port);
  alarm_.set(kPatience, [this] { lose(); });
}

void Writer::write() {
  client_.send({"SET", key(number_), std::to_string(number_)});
  alarm_.set(kPatience, [this] { lose(); });
}

// A replica refuses writes, and so does a server that is still loading: it is not who we are looking for.
void Writer::take(const resp::Value& reply) {
  if (reply.text != "OK") return lose();
  acknowledge();
  alarm_.set(kPace, [this] { write(); });
}

void Writer::acknowledge() {
  const Instant now = net::monotonic_now();
  if (last_ && now - *last_ > longest_pause_.length) longest_pause_ = {now - *last_, net::wall_now()};
  last_ = now;
  recent_.push_back(now);
  acknowledged_[number_] = true;
  number_ = (number_ + 1) % kKeys;
  ++count_;
  if (std::exchange(writes_to_, target_) != target_) tell_resumption();
}

void Writer::tell_resumption() {
  if (hint_) {
    on_beat_({.at = hint_->at,
              .lane = Lane::kWriter,
              .sentence = fmt::format("asks {}, which says: the primary is {}", letter(hint_->told_by), target_),
              .source = "GET-MASTER-ADDR-BY-NAME"});
    hint_.reset();
  }
  on_beat_({.at = net::wall_now(),
            .lane = Lane::kWriter,
            .weight = Weight::kTurn,
            .sentence = fmt::format("writes to {}: its first write is acknowledged", target_),
            .source = "SET"});
}

void Writer::lose() {
  client_.close();
  hint_.reset();
  if (const auto lost = std::exchange(writes_to_, 0); lost != 0) {
    on_beat_({.at = net::wall_now(),
              .lane = Lane::kWriter,
              .weight = Weight::kHarm,
              .sentence = fmt::format("loses {} after {}, and looks for another", lost, counted(count_, "write"))});
  }
  alarm_.set(kPause, [this] { seek(); });
}

// Three sentinels announce the same switch.
void Writer::take_switch(Lane told_by, std::uint16_t port) {
  if (std::exchange(switched_to_, port) == port) return;
  on_beat_({.at = net::wall_now(),
            .lane = Lane::kWriter,
            .weight = port == writes_to_ ? Weight::kAside : Weight::kPlain,
            .sentence = fmt::format("is told by {}: the primary is {}", letter(told_by), port),
            .source = std::string(proto::event::kSwitchPrimary)});
  if (port == target_) return;
  hint_.reset();
  connect(port);
}

std::size_t Writer::writes_per_second(Instant now) {
  while (!recent_.empty() && recent_.front() < now - 1s) recent_.pop_front();
  return recent_.size();
}

}  // namespace vedette::demo
