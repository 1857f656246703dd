// The log, written by a thread of its own in the format that people know from Redis:
//
//   12345:X 24 Nov 2026 05:38:37.123 # +sdown master mymaster 127.0.0.1 6379
//
// with `.`, `-`, `*` and `#` for debug, verbose, notice and warning. Every line goes out at once, in one write. When
// the lines come faster than they can be written, the oldest ones that wait are dropped, and their number is told
// later.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "node/ports.h"

namespace vedette::net {

class Log final : public node::Logger {
 public:
  static constexpr std::size_t kMaxWaitingLines = 8192;
  static constexpr std::size_t kMaxTextBytes = 3072;  // a longer text is cut; a whole line goes into a pipe at once
  static constexpr Seconds kClosePatience{1};         // how long the end waits for a reader that does not read

  // Appends to the file at `path`, or writes to the standard output where `path` is empty. Entries below `least` are
  // dropped.
  static Result<std::unique_ptr<Log>> open(const std::string& path, core::Level least);

  // Writes what waits.
  ~Log() override;

  void log(core::Level level, std::string_view text) override;

  // Opens the file anew, after it was moved away. On failure the old one stays in use.
  Status reopen();

 private:
  class Writer;
  struct Impl;
  explicit Log(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace vedette::net
