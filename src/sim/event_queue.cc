#include "sim/event_queue.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace vedette::sim {

void EventQueue::at(Instant due, Event event) {
  VEDETTE_CHECK(due >= now_, "nothing happens in the past");
  heap_.push_back({due, ++queued_, std::move(event)});
  std::push_heap(heap_.begin(), heap_.end(), is_later);
}

bool EventQueue::run_next(Instant until) {
  if (heap_.empty() || heap_.front().due > until) {
    now_ = std::max(now_, until);
    return false;
  }
  std::pop_heap(heap_.begin(), heap_.end(), is_later);
  Entry entry = std::move(heap_.back());
  heap_.pop_back();
  now_ = entry.due;
  ++happened_;
  entry.event();
  return true;
}

}  // namespace vedette::sim
