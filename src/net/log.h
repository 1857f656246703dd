// The log, written by a thread of its own, in one of the formats of `log_format.h`, to a file or the standard output,
// and to syslog as well where that is wanted. Every line goes out at once, and into a pipe as a whole; those that have
// come meanwhile share a write. When they come faster than they can be written, the oldest ones that wait are
// dropped, and their number is told later.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/log_format.h"
#include "node/ports.h"

namespace vedette::net {

struct SyslogSettings {
  std::string ident;
  int facility;  // LOG_LOCAL0, ...
  std::string socket = "/dev/log";
};

struct LogSettings {
  std::string path = {};  // empty: the standard output
  core::Level least = core::Level::kNotice;
  LogFormat format = LogFormat::kRedis;
  std::optional<SyslogSettings> syslog = {};
};

class Log final : public node::Logger {
 public:
  static constexpr std::size_t kMaxWaitingLines = 8192;
  static constexpr std::size_t kMaxTextBytes = 3072;  // a longer text is cut; a whole line goes into a pipe at once
  static constexpr Seconds kClosePatience{1};         // how long the end waits for a reader that does not read

  static Result<std::unique_ptr<Log>> open(const LogSettings& settings);

  // Writes what waits.
  ~Log() override;

  void log(core::Level level, std::string_view text) override;
  void set_level(core::Level least) override;
  MemoryUse waiting() const override;

  // Opens the file anew, after it was moved away. On failure the old one stays in use.
  Status reopen();

 private:
  class Writer;
  struct Impl;
  explicit Log(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace vedette::net
