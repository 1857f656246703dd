#include "sim/event_queue.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace vedette::sim {

Event& EventQueue::slot_for(Instant due) {
  VEDETTE_CHECK(due >= now_, "nothing happens in the past");
  if (free_slots_.empty()) {
    free_slots_.push_back(slots_.size());
    slots_.emplace_back();
  }
  const std::size_t slot = free_slots_.back();
  free_slots_.pop_back();
  heap_.push_back({due, ++queued_, slot});
  std::push_heap(heap_.begin(), heap_.end(), is_later);
  return slots_[slot];
}

bool EventQueue::run_next(Instant until) {
  if (heap_.empty() || heap_.front().due > until) {
    now_ = std::max(now_, until);
    return false;
  }
  std::pop_heap(heap_.begin(), heap_.end(), is_later);
  const Entry entry = heap_.back();
  heap_.pop_back();
  now_ = entry.due;
  ++happened_;
  Event& event = slots_[entry.slot];
  event();
  event.clear();
  free_slots_.push_back(entry.slot);
  return true;
}

}  // namespace vedette::sim
