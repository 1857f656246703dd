// A client that cares for its data: writes numbered keys to the primary, one at a time, and counts what was
// acknowledged. It knows only the sentinels: asks them where the primary is, and listens to what they announce.
//
//   seeking --a sentinel names a server--> connecting --connected--> writing
//      ^                                        |                       |
//      +-------------- a pause -----------------+--- error, silence ----+      +switch-master: connecting, at once
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "apps/demo/alarm.h"
#include "apps/demo/beat.h"
#include "apps/demo/primary_finder.h"
#include "apps/demo/resp_client.h"
#include "apps/demo/switch_listener.h"

namespace vedette::demo {

class Writer {
 public:
  static constexpr Micros kPace = 5ms;           // between an acknowledgement and the next write
  static constexpr Micros kPause = 10ms;         // between two attempts to find a primary
  static constexpr Micros kPatience = 250ms;     // with a server that does not answer
  static constexpr std::size_t kKeys = 200'000;  // then the numbers start anew

  using OnBeat = std::function<void(Beat)>;

  Writer(net::asio::io_context& loop, const Roster& roster, OnBeat on_beat);

  void start();
  void stop();

  static std::string key(std::size_t number);

  // The server that has acknowledged the last write; 0 when nobody is known to serve.
  std::uint16_t writes_to() const { return writes_to_; }
  std::uint64_t count() const { return count_; }  // of acknowledged writes
  // Which keys were acknowledged, by their numbers.
  const std::vector<bool>& acknowledged() const { return acknowledged_; }
  std::size_t writes_per_second(Instant now);

  // The longest time between two acknowledgements, since `watch_for_pauses` was called last.
  struct Pause {
    Micros length{0};
    WallTime end{};
  };
  void watch_for_pauses() { longest_pause_ = {}; }
  const Pause& longest_pause() const { return longest_pause_; }

 private:
  // Where the target was learned from.
  struct Hint {
    Lane told_by = Lane::kNobody;
    WallTime at{};
  };

  void seek();
  void connect(std::uint16_t port);
  void write();
  void take(const resp::Value& reply);
  void acknowledge();
  void tell_resumption();
  void lose();
  void take_switch(Lane told_by, std::uint16_t port);

  const OnBeat on_beat_;
  PrimaryFinder finder_;
  std::array<std::unique_ptr<SwitchListener>, kSentinels> listeners_;
  RespClient client_;
  Alarm alarm_;

  std::uint16_t target_ = 0;  // connecting or writing to it; 0 while seeking
  std::optional<Hint> hint_;  // until the first acknowledgement by the target
  std::uint16_t writes_to_ = 0;
  std::uint16_t switched_to_ = 0;  // by the last +switch-master
  std::size_t number_ = 0;
  std::vector<bool> acknowledged_;
  std::uint64_t count_ = 0;
  std::optional<Instant> last_;  // acknowledgement
  std::deque<Instant> recent_;   // acknowledgements of the last second
  Pause longest_pause_;
};

}  // namespace vedette::demo
