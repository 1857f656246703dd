// A child process, with its output as lines. It is in a process group of its own, so that Ctrl-C reaches only us; the
// kernel kills it when we die, however that happens; and its destructor kills and reaps it.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/asio.h"

namespace vedette::demo {

// The full path of a program on PATH; empty if there is none.
std::string find_program(std::string_view name);

class Process {
 public:
  static constexpr std::size_t kLastLines = 8;
  static constexpr std::size_t kMaxLineBytes = 8192;  // the rest of a longer line is dropped

  struct Command {
    std::string program;                 // its path
    std::vector<std::string> arguments;  // the first is the name by which it is called
    std::string directory;               // where it runs
  };
  using OnLine = std::function<void(std::string_view)>;

  // Starts it, with UTC as its time zone, so that the times of its log can be read back.
  static Result<std::unique_ptr<Process>> start(net::asio::io_context& loop, const Command& command, OnLine on_line);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  bool running();

  // SIGKILL: no last words. Returns once it is gone.
  void kill();

  // "was killed by signal 9", "ended with status 1"; it is an error to ask while it runs.
  std::string describe_end() const;

  // The last lines that it wrote.
  std::vector<std::string> last_lines() const;

 private:
  class Pipe;
  Process(pid_t pid, std::shared_ptr<Pipe> pipe);
  void reap(int options);

  pid_t pid_;
  std::shared_ptr<Pipe> pipe_;
  bool reaped_ = false;
  int wait_status_ = 0;
};

}  // namespace vedette::demo
