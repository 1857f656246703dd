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
    Event event = std::move(waiting_.front());
    waiting_.pop_front();
    event();
  }
}

}  // namespace vedette::sim
