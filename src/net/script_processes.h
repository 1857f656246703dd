// Scripts as child processes. Each leads a process group of its own, has the signals as a fresh process has them, our
// environment and working directory, and of our descriptors only standard input, output and error.
//
// Starting takes as long as the disk needs to give the program, so that is done on a thread of its own. All children
// are reaped, whoever started them: as process 1 of a container we inherit those whose parents have ended.
#pragma once

#include <sys/types.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "net/asio.h"
#include "node/ports.h"

namespace vedette::net {

class ScriptEvents {
 public:
  virtual ~ScriptEvents() = default;
  virtual void on_script_started(node::ScriptRun run, pid_t pid) = 0;
  virtual void on_script_ended(node::ScriptRun run, const node::ScriptEnd& end) = 0;
};

class ScriptProcesses final : public node::ScriptRunner {
 public:
  // Must not be destroyed while the loop still runs.
  ScriptProcesses(asio::io_context& loop, ScriptEvents& events) : loop_(loop), events_(events) {}
  ~ScriptProcesses() override { worker_.join(); }

  node::ScriptRun start(const std::vector<std::string>& command) override;
  void kill(node::ScriptRun run) override;
  bool is_executable(const std::string& path) const override;

  // Some child may have ended: to be called for each SIGCHLD.
  void reap();

 private:
  struct Child {
    pid_t pid = 0;
    int error = 0;  // of the attempt to start it
  };

  static Child spawn(std::vector<std::string> command);
  void take_start(node::ScriptRun run, const Child& child);
  void take_end(pid_t pid, int status);

  asio::io_context& loop_;
  ScriptEvents& events_;
  std::uint64_t last_run_ = 0;
  std::map<pid_t, node::ScriptRun> running_;
  std::set<node::ScriptRun> starting_;
  std::set<node::ScriptRun> doomed_;        // to be killed as soon as they are started
  std::map<pid_t, int> ended_unannounced_;  // reaped before the loop has heard of their start; perhaps not ours at all
  asio::thread_pool worker_{1};
};

}  // namespace vedette::net
