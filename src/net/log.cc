#include "net/log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "net/clock.h"
#include "net/datagram.h"
#include "net/descriptor.h"

namespace vedette::net {
namespace {

// The levels are numbered alike, so that one is cast to the other.
constexpr spdlog::level::level_enum to_spdlog(core::Level level) {
  static_assert(static_cast<int>(core::Level::kDebug) == spdlog::level::trace);
  static_assert(static_cast<int>(core::Level::kWarning) == spdlog::level::warn);
  return static_cast<spdlog::level::level_enum>(level);
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
  Writer(Descriptor file, LogFormat format, std::optional<SyslogSettings> syslog)
      : file_(std::move(file)), format_(format), syslog_(std::move(syslog)) {}
  ~Writer() override { const Descriptor unused(next_file_.exchange(-1)); }

  // From any thread: used from the next line on.
  void replace_file(Descriptor file) { const Descriptor unused(next_file_.exchange(file.release())); }

  // From any thread: lines that cannot be written by `deadline` are given up.
  void stop_at(Instant deadline) { stop_at_ = deadline; }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (const int next = next_file_.exchange(-1); next >= 0) file_ = Descriptor(next);
    const LogEntry entry{static_cast<core::Level>(message.level), message.time, ::getpid(),
                         std::string_view(message.payload.data(), message.payload.size())};
    const std::string line = format_line(format_, entry, kMaxTextBytes);
    static_assert(kMaxTextBytes + 128 <= PIPE_BUF);
    // A lost line (disk full, syslog away) has nowhere to be complained of.
    if (await_room()) [[maybe_unused]]
      const auto written = ::write(file_.get(), line.data(), line.size());
    if (syslog_) [[maybe_unused]]
      const auto sent = send_datagram(syslog_->socket, format_syslog(syslog_->facility, syslog_->ident, entry));
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
  const LogFormat format_;
  const std::optional<SyslogSettings> syslog_;
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

Result<std::unique_ptr<Log>> Log::open(const LogSettings& settings) {
  Result<Descriptor> file = open_log_file(settings.path);
  if (!file) return file.error();
  auto impl = std::make_unique<Impl>();
  impl->path = settings.path;
  impl->writer = std::make_shared<Writer>(*std::move(file), settings.format, settings.syslog);
  impl->thread = std::make_shared<spdlog::details::thread_pool>(kMaxWaitingLines, 1);
  impl->logger = std::make_shared<spdlog::async_logger>("", impl->writer, impl->thread,
                                                        spdlog::async_overflow_policy::overrun_oldest);
  impl->logger->set_level(to_spdlog(settings.least));
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
  impl_->logger->log(to_spdlog(level), escape_controls(text.substr(0, kMaxTextBytes + 1)));
}

void Log::set_level(core::Level least) { impl_->logger->set_level(to_spdlog(least)); }

Status Log::reopen() {
  Result<Descriptor> file = open_log_file(impl_->path);
  if (!file) return file.error();
  impl_->writer->replace_file(*std::move(file));
  return Ok{};
}

}  // namespace vedette::net
