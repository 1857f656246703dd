// The one queue of a simulated world: everything that will happen, in the order of time. Things due at the same instant
// happen in the order in which they were queued, so that a run is the same in every run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/time.h"
#include "sim/event.h"

namespace vedette::sim {

class EventQueue {
 public:
  Instant now() const { return now_; }
  std::uint64_t happened() const { return happened_; }  // events so far

  // When the next event is due, if there is one.
  std::optional<Instant> next_due() const { return heap_.empty() ? std::nullopt : std::optional(heap_.front().due); }

  // It is an error to queue something for the past.
  template <typename Function>
  void at(Instant due, Function&& event) {
    slot_for(due) = std::forward<Function>(event);
  }
  template <typename Function>
  void after(Micros delay, Function&& event) {
    at(now_ + delay, std::forward<Function>(event));
  }

  // Lets the next event happen if it is due by `until`. Otherwise nothing happens but that it is `until`, and false is
  // returned.
  bool run_next(Instant until);

 private:
  Event& slot_for(Instant due);

  // What is sorted is small; the event itself stays where it is until it has happened.
  struct Entry {
    Instant due;
    std::uint64_t order;
    std::size_t slot;
  };
  static bool is_later(const Entry& a, const Entry& b) { return a.due != b.due ? a.due > b.due : a.order > b.order; }

  Instant now_{};
  std::uint64_t queued_ = 0;
  std::uint64_t happened_ = 0;
  std::vector<Entry> heap_;  // the earliest first
  std::deque<Event> slots_;  // which an event that is happening may add to
  std::vector<std::size_t> free_slots_;
};

}  // namespace vedette::sim
