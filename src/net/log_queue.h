// What waits to be logged, between the loop and the log's own thread. Who adds a line never waits: where there is no
// room, the oldest one is dropped and counted. Takes memory for what waits only.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "core/effect.h"

namespace vedette::net {

struct LogLine {
  core::Level level;
  std::chrono::system_clock::time_point at;
  std::string text;
};

// Every function may be called from any thread.
class LogQueue {
 public:
  explicit LogQueue(std::size_t max_lines) : max_lines_(max_lines) {}

  void add(LogLine line);

  // The oldest ones, at most so many; one is waited for. None: it is closed, and there are no more.
  std::vector<LogLine> take(std::size_t most);

  // Nothing is added any more.
  void close();

  struct Counts {
    std::size_t lines = 0;
    std::size_t text_bytes = 0;
    std::size_t dropped = 0;  // lines, since the beginning
  };
  Counts counts() const;

 private:
  LogLine take_first();

  const std::size_t max_lines_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<LogLine> lines_;
  std::size_t text_bytes_ = 0;
  std::size_t dropped_ = 0;
  bool closed_ = false;
};

}  // namespace vedette::net
