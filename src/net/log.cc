#include "net/log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "net/clock.h"
#include "net/descriptor.h"

namespace vedette::net {
namespace {

// The levels are numbered alike, so that one is cast to the other.
constexpr spdlog::level::level_enum to_spdlog(core::Level level) {
  static_assert(static_cast<int>(core::Level::kDebug) == spdlog::level::trace);
  static_assert(static_cast<int>(core::Level::kWarning) == spdlog::level::warn);
  return static_cast<spdlog::level::level_enum>(level);
}

class LevelMark final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
    out.push_back(".-*#"[message.level]);
  }
  std::unique_ptr<spdlog::custom_flag_formatter> clone() const override { return std::make_unique<LevelMark>(); }
};

std::unique_ptr<spdlog::formatter> redis_format() {
  auto format = std::make_unique<spdlog::pattern_formatter>();
  format->add_flag<LevelMark>('*').set_pattern("%P:X %d %b %Y %H:%M:%S.%e %* %v");
  return format;
}

Result<Descriptor> open_log_file(const std::string& path) {
  Descriptor file(path.empty() ? ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
                               : ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644));
  if (file.valid()) return file;
  return Error{fmt::format("Can't open the log file {}: {}", path.empty() ? "(standard output)" : path,
                           std::generic_category().message(errno))};
}

}  // namespace

// Writes lines to a file, on the log's own thread, which may have to wait for whoever reads them.
class Log::Writer final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit Writer(Descriptor file) : file_(std::move(file)) {}
  ~Writer() override { const Descriptor unused(next_file_.exchange(-1)); }

  // From any thread: used from the next line on.
  void replace_file(Descriptor file) { const Descriptor unused(next_file_.exchange(file.release())); }

  // From any thread: lines that cannot be written by `deadline` are given up.
  void stop_at(Instant deadline) { stop_at_ = deadline; }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (const int next = next_file_.exchange(-1); next >= 0) file_ = Descriptor(next);
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    static_assert(kMaxTextBytes + 128 <= PIPE_BUF);
    // A lost line (disk full) has nowhere to be complained of.
    if (await_room()) [[maybe_unused]]
      const auto written = ::write(file_.get(), line.data(), line.size());
  }
  void flush_() override {}

 private:
  // Until a whole line can be written without waiting. False when it is too late.
  bool await_room() const {
    static constexpr int kPollMillis = 50;
    pollfd request{file_.get(), POLLOUT, 0};
    while (true) {
      const bool late = monotonic_now() >= stop_at_.load();
      if (::poll(&request, 1, late ? 0 : kPollMillis) != 0) return true;
      if (late) return false;
    }
  }

  Descriptor file_;
  std::atomic<int> next_file_{-1};
  std::atomic<Instant> stop_at_{Instant::max()};
};

struct Log::Impl {
  std::string path;
  std::shared_ptr<Writer> writer;
  std::shared_ptr<spdlog::details::thread_pool> thread;
  std::shared_ptr<spdlog::async_logger> logger;
  std::size_t drops_told = 0;

  // Only once there is room again: it would only make more lines drop.
  void tell_drops() {
    const std::size_t drops = thread->overrun_counter();
    if (drops == drops_told || thread->queue_size() > kMaxWaitingLines / 2) return;
    logger->log(spdlog::level::warn,
                fmt::format("{} log lines were dropped: they could not be written fast enough", drops - drops_told));
    drops_told = drops;
  }
};

Result<std::unique_ptr<Log>> Log::open(const std::string& path, core::Level least) {
  Result<Descriptor> file = open_log_file(path);
  if (!file) return file.error();
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->writer = std::make_shared<Writer>(*std::move(file));
  impl->writer->set_formatter(redis_format());
  impl->thread = std::make_shared<spdlog::details::thread_pool>(kMaxWaitingLines, 1);
  impl->logger = std::make_shared<spdlog::async_logger>("", impl->writer, impl->thread,
                                                        spdlog::async_overflow_policy::overrun_oldest);
  impl->logger->set_level(to_spdlog(least));
  return std::unique_ptr<Log>(new Log(std::move(impl)));
}

Log::Log(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

// The thread's destructor waits until it has written everything.
Log::~Log() {
  impl_->tell_drops();
  impl_->writer->stop_at(monotonic_now() + kClosePatience);
}

void Log::log(core::Level level, std::string_view text) {
  if (!impl_->logger->should_log(to_spdlog(level))) return;
  impl_->tell_drops();
  std::string line = escape_controls(text.substr(0, kMaxTextBytes));
  if (text.size() > kMaxTextBytes || line.size() > kMaxTextBytes) {
    line.resize(std::min(line.size(), kMaxTextBytes));
    line.replace(line.size() - 3, 3, "...");
  }
  impl_->logger->log(to_spdlog(level), line);
}

Status Log::reopen() {
  Result<Descriptor> file = open_log_file(impl_->path);
  if (!file) return file.error();
  impl_->writer->replace_file(*std::move(file));
  return Ok{};
}

}  // namespace vedette::net
