// Scripts as child processes. Each leads a process group of its own, has the signals as a fresh process has them, our
// working directory, nothing to read, and an environment of a few variables of ours and what it is told: others may
// hold secrets. What it prints comes line by line.
//
// Starting takes as long as the disk needs to give the program, so that is done on a thread of its own. All children
// are reaped, whoever started them: as process 1 of a container we inherit those whose parents have ended.
#pragma once

#include <sys/types.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "net/asio.h"
#include "net/descriptor.h"
#include "net/script_output.h"
#include "node/ports.h"

namespace vedette::net {

class ScriptEvents {
 public:
  virtual ~ScriptEvents() = default;
  virtual void on_script_started(node::ScriptRun run, pid_t pid) = 0;
  virtual void on_script_printed(node::ScriptRun run, std::string_view line) = 0;
  virtual void on_script_ended(node::ScriptRun run, const node::ScriptEnd& end) = 0;
};

class ScriptProcesses final : public node::ScriptRunner {
 public:
  // Must not be destroyed while the loop still runs. `inherit`: scripts have our whole environment, as those of the
  // original.
  ScriptProcesses(asio::io_context& loop, ScriptEvents& events, bool inherit)
      : loop_(loop), events_(events), inherit_(inherit) {}
  ~ScriptProcesses() override { worker_.join(); }

  node::ScriptRun start(const node::ScriptCommand& command) override;
  void kill(node::ScriptRun run) override;
  bool is_executable(const std::string& path) const override;

  // Some child may have ended: to be called for each SIGCHLD.
  void reap();

 private:
  struct Child {
    pid_t pid = 0;
    int error = 0;  // of the attempt to start it
    Descriptor output{};
  };
  struct Running {
    node::ScriptRun run;
    std::unique_ptr<ScriptOutput> output;
  };

  static Child spawn(node::ScriptCommand command);
  node::ScriptCommand with_environment(node::ScriptCommand command) const;
  void take_start(node::ScriptRun run, Child child);
  void take_end(pid_t pid, int status);

  asio::io_context& loop_;
  ScriptEvents& events_;
  const bool inherit_;
  std::uint64_t last_run_ = 0;
  std::map<pid_t, Running> running_;
  std::set<node::ScriptRun> starting_;
  std::set<node::ScriptRun> doomed_;        // to be killed as soon as they are started
  std::map<pid_t, int> ended_unannounced_;  // reaped before the loop has heard of their start; perhaps not ours at all
  asio::thread_pool worker_{1};
};

}  // namespace vedette::net
