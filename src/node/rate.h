// Events per second, as `INFO` shows them: those of the last whole second. Costs no timer.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace vedette::node {

class Rate {
 public:
  // `now` must not go back from one call to the next.
  void add(Instant now, std::uint64_t count) {
    advance(now);
    current_ += count;
  }

  std::uint64_t per_second(Instant now) {
    advance(now);
    return last_;
  }

 private:
  void advance(Instant now) {
    const auto second = std::chrono::duration_cast<Seconds>(now.time_since_epoch());
    if (second == second_) return;
    last_ = second == second_ + Seconds(1) ? current_ : 0;
    current_ = 0;
    second_ = second;
  }

  Seconds second_{0};
  std::uint64_t current_ = 0;
  std::uint64_t last_ = 0;
};

}  // namespace vedette::node
