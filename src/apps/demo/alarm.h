// A timer of one call at a time. Setting it anew or cancelling it is final: what was set before does not happen, not
// even if it was already due.
#pragma once

#include <cstdint>
#include <functional>

#include "base/time.h"
#include "net/asio.h"

namespace vedette::demo {

class Alarm {
 public:
  // Must not be destroyed while the loop still runs.
  explicit Alarm(net::asio::io_context& loop) : timer_(loop) {}

  void set(Micros after, std::function<void()> call) {
    const std::uint64_t number = ++last_;
    timer_.expires_after(after);
    timer_.async_wait([this, number, call = std::move(call)](const net::error_code&) {
      if (number == last_) call();
    });
  }

  void cancel() {
    ++last_;
    timer_.cancel();
  }

 private:
  net::asio::steady_timer timer_;
  std::uint64_t last_ = 0;
};

}  // namespace vedette::demo
