#include "net/log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/text.h"
#include "net/clock.h"
#include "net/datagram.h"
#include "net/descriptor.h"
#include "net/log_queue.h"

namespace vedette::net {
namespace {

constexpr std::size_t kLinesAtOnce = 64;  // taken to be written: they do not count as waiting any more

Result<Descriptor> open_log_file(const std::string& path) {
  Descriptor file(path.empty() ? ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
                               : ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644));
  if (file.valid()) return file;
  return Error{fmt::format("Can't open the log file {}: {}", path.empty() ? "(standard output)" : path,
                           std::generic_category().message(errno))};
}

}  // namespace

// Writes lines to a file, on the log's own thread, which may have to wait for whoever reads them.
class Log::Writer {
 public:
  Writer(Descriptor file, LogFormat format, std::optional<SyslogSettings> syslog)
      : file_(std::move(file)), format_(format), syslog_(std::move(syslog)) {}
  ~Writer() { const Descriptor unused(next_file_.exchange(-1)); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // From any thread: used from the next line on.
  void replace_file(Descriptor file) { const Descriptor unused(next_file_.exchange(file.release())); }

  // From any thread: lines that cannot be written by `deadline` are given up.
  void stop_at(Instant deadline) { stop_at_ = deadline; }

  // As few writes as `kMaxWriteBytes` allows: while very much happens at once, each costs more than the lines in it.
  void write(const std::vector<LogLine>& lines) {
    if (const int next = next_file_.exchange(-1); next >= 0) file_ = Descriptor(next);
    std::string text;
    for (const LogLine& said : lines) {
      const LogEntry entry{said.level, said.at, pid_, said.text};
      const std::string line = format_line(format_, entry, kMaxTextBytes);
      if (text.size() + line.size() > kMaxWriteBytes) put(std::exchange(text, {}));
      text += line;
      if (syslog_) [[maybe_unused]]
        const auto sent = send_datagram(syslog_->socket, format_syslog(syslog_->facility, syslog_->ident, entry));
    }
    put(text);
  }

 private:
  static constexpr std::size_t kMaxWriteBytes = PIPE_BUF;  // which go into a pipe as a whole, or not at all
  static_assert(kMaxTextBytes + 128 <= kMaxWriteBytes);

  // What is lost (disk full, syslog away) has nowhere to be complained of.
  void put(std::string_view text) {
    while (!text.empty() && await_room()) {
      const ssize_t written = ::write(file_.get(), text.data(), text.size());
      if (written < 0 && errno != EINTR) return;
      text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
    }
  }

  // Until so much can be written without waiting. False when it is too late.
  bool await_room() const {
    static constexpr int kPollMillis = 50;
    pollfd request{file_.get(), POLLOUT, 0};
    while (true) {
      const bool late = monotonic_now() >= stop_at_.load();
      if (::poll(&request, 1, late ? 0 : kPollMillis) > 0) return true;
      if (late) return false;
    }
  }

  Descriptor file_;
  const std::int64_t pid_ = ::getpid();
  const LogFormat format_;
  const std::optional<SyslogSettings> syslog_;
  std::atomic<int> next_file_{-1};
  std::atomic<Instant> stop_at_{Instant::max()};
};

struct Log::Impl {
  Impl(const LogSettings& settings, Descriptor file)
      : path(settings.path), least(settings.least), writer(std::move(file), settings.format, settings.syslog) {}

  void add(core::Level level, std::string text) {
    queue.add({level, std::chrono::system_clock::now(), std::move(text)});
  }

  // Only once there is room again: it would only make more lines drop.
  void tell_drops() {
    const LogQueue::Counts counts = queue.counts();
    if (counts.dropped == drops_told || counts.lines > kMaxWaitingLines / 2) return;
    add(core::Level::kWarning,
        fmt::format("{} log lines were dropped: they could not be written fast enough", counts.dropped - drops_told));
    drops_told = counts.dropped;
  }

  const std::string path;
  core::Level least;
  Writer writer;
  LogQueue queue{kMaxWaitingLines};
  std::size_t drops_told = 0;
  std::thread thread{[this] {
    for (auto lines = queue.take(kLinesAtOnce); !lines.empty(); lines = queue.take(kLinesAtOnce)) writer.write(lines);
  }};
};

Result<std::unique_ptr<Log>> Log::open(const LogSettings& settings) {
  Result<Descriptor> file = open_log_file(settings.path);
  if (!file) return file.error();
  return std::unique_ptr<Log>(new Log(std::make_unique<Impl>(settings, *std::move(file))));
}

Log::Log(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Log::~Log() {
  impl_->tell_drops();
  impl_->queue.close();
  impl_->writer.stop_at(monotonic_now() + kClosePatience);
  impl_->thread.join();
}

void Log::log(core::Level level, std::string_view text) {
  if (level < impl_->least) return;
  impl_->tell_drops();
  impl_->add(level, escape_controls(text.substr(0, kMaxTextBytes + 1)));
}

void Log::set_level(core::Level least) { impl_->least = least; }

MemoryUse Log::waiting() const {
  const LogQueue::Counts counts = impl_->queue.counts();
  return {counts.lines, counts.lines * sizeof(LogLine) + counts.text_bytes};
}

Status Log::reopen() {
  Result<Descriptor> file = open_log_file(impl_->path);
  if (!file) return file.error();
  impl_->writer.replace_file(*std::move(file));
  return Ok{};
}

}  // namespace vedette::net
