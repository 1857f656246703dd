// The one queue of a simulated world: everything that will happen, in the order of time. Things due at the same instant
// happen in the order in which they were queued, so that a run is the same in every run.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/time.h"

namespace vedette::sim {

class EventQueue {
 public:
  using Event = std::function<void()>;

  Instant now() const { return now_; }
  std::uint64_t happened() const { return happened_; }  // events so far

  // When the next event is due, if there is one.
  std::optional<Instant> next_due() const { return heap_.empty() ? std::nullopt : std::optional(heap_.front().due); }

  // It is an error to queue something for the past.
  void at(Instant due, Event event);
  void after(Micros delay, Event event) { at(now_ + delay, std::move(event)); }

  // Lets the next event happen if it is due by `until`. Otherwise nothing happens but that it is `until`, and false is
  // returned.
  bool run_next(Instant until);

 private:
  struct Entry {
    Instant due;
    std::uint64_t order;
    Event event;
  };
  static bool is_later(const Entry& a, const Entry& b) { return a.due != b.due ? a.due > b.due : a.order > b.order; }

  Instant now_{};
  std::uint64_t queued_ = 0;
  std::uint64_t happened_ = 0;
  std::vector<Entry> heap_;  // the earliest first
};

}  // namespace vedette::sim
