#include "net/log_queue.h"

#include <algorithm>
#include <utility>

namespace vedette::net {

void LogQueue::add(LogLine line) {
  {
    const std::lock_guard lock(mutex_);
    if (lines_.size() == max_lines_) {
      take_first();
      ++dropped_;
    }
    text_bytes_ += line.text.size();
    lines_.push_back(std::move(line));
  }
  changed_.notify_one();
}

std::vector<LogLine> LogQueue::take(std::size_t most) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return closed_ || !lines_.empty(); });
  std::vector<LogLine> oldest;
  oldest.reserve(std::min(most, lines_.size()));
  while (oldest.size() < most && !lines_.empty()) oldest.push_back(take_first());
  return oldest;
}

void LogQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_one();
}

LogQueue::Counts LogQueue::counts() const {
  const std::lock_guard lock(mutex_);
  return {lines_.size(), text_bytes_, dropped_};
}

LogLine LogQueue::take_first() {
  LogLine first = std::move(lines_.front());
  lines_.pop_front();
  text_bytes_ -= first.text.size();
  return first;
}

}  // namespace vedette::net
