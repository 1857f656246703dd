#include "net/script_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace vedette::net {

ScriptOutput::ScriptOutput(asio::io_context& loop, Descriptor source, Print print)
    : source_(loop, source.release()), print_(std::move(print)) {
  wait();
}

void ScriptOutput::finish() {
  while (taken_ <= kMaxBytes && read_some()) continue;
  if (!line_.empty()) print_(std::exchange(line_, {}));
  error_code ignored;
  source_.close(ignored);
}

void ScriptOutput::wait() {
  source_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [this, life = std::weak_ptr(life_)](const error_code& error) {
                       if (error || life.expired()) return;
                       for (std::size_t reads = 0; reads < kMaxReadsInARow; ++reads) {
                         if (!read_some()) break;
                       }
                       if (source_.is_open()) wait();
                     });
}

// Nothing is there now, or there will be no more: then it is closed.
bool ScriptOutput::read_some() {
  std::array<char, 4096> bytes;
  const ssize_t count = ::read(source_.native_handle(), bytes.data(), bytes.size());
  if (count > 0) take({bytes.data(), static_cast<std::size_t>(count)});
  error_code ignored;
  if (count == 0) source_.close(ignored);
  return count > 0;
}

void ScriptOutput::take(std::string_view bytes) {
  const std::size_t room = kMaxBytes - std::min(taken_, kMaxBytes);
  const bool had_room = taken_ <= kMaxBytes;
  taken_ = std::min(taken_ + bytes.size(), kMaxBytes + 1);
  for (const char c : bytes.substr(0, room)) {
    if (c != '\n') line_ += c;
    if (c == '\n' || line_.size() == kMaxLineBytes) print_(std::exchange(line_, {}));
  }
  if (!had_room || bytes.size() <= room) return;
  if (!line_.empty()) print_(std::exchange(line_, {}));
  print_(fmt::format("(more than {} bytes: the rest is dropped)", kMaxBytes));
}

}  // namespace vedette::net
