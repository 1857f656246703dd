#include "apps/demo/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <system_error>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "net/descriptor.h"

namespace vedette::demo {
namespace {

namespace asio = net::asio;

constexpr int kCannotExecute = 127;

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> environment_in_utc() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with("TZ=")) variables.emplace_back(*variable);
  }
  variables.emplace_back("TZ=UTC");
  return variables;
}

// Everything that the child needs once it is a copy of us, in which nothing may be allocated any more.
struct Birth {
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::vector<char*> argv;
  std::vector<char*> envp;
  const char* program;
  const char* directory;
  pid_t parent;
  int output;
};

[[noreturn]] void become(const Birth& birth) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != birth.parent) _exit(kCannotExecute);  // it died before we asked to follow it
  setpgid(0, 0);
  std::signal(SIGPIPE, SIG_DFL);
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, STDIN_FILENO);
  dup2(birth.output, STDOUT_FILENO);
  dup2(birth.output, STDERR_FILENO);
  close_range(STDERR_FILENO + 1, ~0U, 0);
  if (chdir(birth.directory) == 0) execve(birth.program, birth.argv.data(), birth.envp.data());
  static constexpr std::string_view kComplaint = "it cannot be executed\n";
  [[maybe_unused]] const auto written = write(STDERR_FILENO, kComplaint.data(), kComplaint.size());
  _exit(kCannotExecute);
}

}  // namespace

std::string find_program(std::string_view name) {
  const char* path = std::getenv("PATH");
  for (const std::string_view directory : split(path == nullptr ? "/usr/bin:/bin" : path, ':')) {
    std::string candidate = fmt::format("{}/{}", directory.empty() ? "." : directory, name);
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return "";
}

// The reading end. Its handlers share it, since they may be called once more after the process is gone.
class Process::Pipe : public std::enable_shared_from_this<Pipe> {
 public:
  Pipe(asio::io_context& loop, int fd, OnLine on_line) : stream_(loop, fd), on_line_(std::move(on_line)) {}

  void read() {
    stream_.async_read_some(asio::buffer(buffer_),
                            [self = shared_from_this()](const net::error_code& error, std::size_t size) {
                              if (error) return;
                              self->take({self->buffer_.data(), size});
                              self->read();
                            });
  }

  void close() {
    on_line_ = nullptr;
    stream_.close();
  }

  const std::deque<std::string>& last_lines() const { return last_lines_; }

 private:
  void take(std::string_view bytes) {
    for (const char c : bytes) {
      if (c == '\n') {
        finish_line();
      } else if (line_.size() < kMaxLineBytes) {
        line_ += c;
      }
    }
  }

  void finish_line() {
    if (last_lines_.size() == kLastLines) last_lines_.pop_front();
    last_lines_.push_back(std::exchange(line_, {}));
    if (on_line_) on_line_(last_lines_.back());
  }

  asio::posix::stream_descriptor stream_;
  OnLine on_line_;
  std::array<char, 4096> buffer_{};
  std::string line_;
  std::deque<std::string> last_lines_;
};

Result<std::unique_ptr<Process>> Process::start(asio::io_context& loop, const Command& command, OnLine on_line) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return Error{"no pipe: " + std::generic_category().message(errno)};
  net::Descriptor reading(ends[0]);
  const net::Descriptor writing(ends[1]);

  Birth birth{.arguments = command.arguments,
              .environment = environment_in_utc(),
              .argv = {},
              .envp = {},
              .program = command.program.c_str(),
              .directory = command.directory.c_str(),
              .parent = getpid(),
              .output = writing.get()};
  birth.argv = pointers(birth.arguments);
  birth.envp = pointers(birth.environment);
  const pid_t pid = fork();
  if (pid < 0) return Error{"cannot fork: " + std::generic_category().message(errno)};
  if (pid == 0) become(birth);

  auto pipe = std::make_shared<Pipe>(loop, reading.release(), std::move(on_line));
  pipe->read();
  return std::unique_ptr<Process>(new Process(pid, std::move(pipe)));
}

Process::Process(pid_t pid, std::shared_ptr<Pipe> pipe) : pid_(pid), pipe_(std::move(pipe)) {}

Process::~Process() {
  kill();
  pipe_->close();
}

bool Process::running() {
  reap(WNOHANG);
  return !reaped_;
}

void Process::kill() {
  if (reaped_) return;
  ::kill(-pid_, SIGKILL);  // its group: itself, and what it may have started
  ::kill(pid_, SIGKILL);   // in case that it had no time to make one
  reap(0);
}

void Process::reap(int options) {
  if (reaped_) return;
  pid_t result = 0;
  do {
    result = waitpid(pid_, &wait_status_, options);
  } while (result < 0 && errno == EINTR);
  reaped_ = result != 0;
}

std::string Process::describe_end() const {
  VEDETTE_CHECK(reaped_, "only what has ended has an end");
  if (WIFSIGNALED(wait_status_)) return fmt::format("was killed by signal {}", WTERMSIG(wait_status_));
  return fmt::format("ended with status {}", WEXITSTATUS(wait_status_));
}

std::vector<std::string> Process::last_lines() const {
  return {pipe_->last_lines().begin(), pipe_->last_lines().end()};
}

}  // namespace vedette::demo
