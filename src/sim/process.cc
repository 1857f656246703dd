#include "sim/process.h"

namespace vedette::sim {

void Process::set_alive(bool alive) {
  alive_ = alive;
  paused_ = false;
  waiting_.clear();
  ++life_;
}

void Process::resume() {
  paused_ = false;
  while (!waiting_.empty() && !paused_) {
    const EventQueue::Event event = std::move(waiting_.front());
    waiting_.pop_front();
    event();
  }
}

void Process::deliver(EventQueue::Event event) {
  if (!alive_) return;
  if (paused_) {
    waiting_.push_back(std::move(event));
  } else {
    event();
  }
}

void Process::after(Micros delay, EventQueue::Event event) {
  queue_.after(delay, [this, life = life_, event = std::move(event)]() mutable {
    if (life == life_) deliver(std::move(event));
  });
}

}  // namespace vedette::sim
