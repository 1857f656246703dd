#include "net/script_processes.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

#include "net/files.h"

namespace vedette::net {
namespace {

// How a child is to begin, apart from its command line.
class Beginning {
 public:
  Beginning() {
    constexpr int kFirstOfOurs = STDERR_FILENO + 1;
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addclosefrom_np(&actions_, kFirstOfOurs);
  }
  ~Beginning() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  Beginning(const Beginning&) = delete;
  Beginning& operator=(const Beginning&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
  posix_spawn_file_actions_t actions_{};
};

// That there is no room for one more process will pass; that the file is no program will not.
node::ScriptEnd end_of_failed_start(int error) {
  const bool will_pass = error == EAGAIN || error == ENOMEM;
  return will_pass ? node::ScriptEnd{.signal = node::ScriptEnd::kNotStarted}
                   : node::ScriptEnd{.status = node::ScriptEnd::kCannotExecute};
}

node::ScriptEnd end_of_child(int status) {
  return WIFSIGNALED(status) ? node::ScriptEnd{.signal = WTERMSIG(status)}
                             : node::ScriptEnd{.status = WEXITSTATUS(status)};
}

}  // namespace

node::ScriptRun ScriptProcesses::start(const std::vector<std::string>& command) {
  const node::ScriptRun run{++last_run_};
  starting_.insert(run);
  asio::post(worker_, [this, run, command] {
    asio::post(loop_, [this, run, child = spawn(command)] { take_start(run, child); });
  });
  return run;
}

void ScriptProcesses::kill(node::ScriptRun run) {
  if (starting_.contains(run)) doomed_.insert(run);
  for (const auto& [pid, known] : running_) {
    if (known == run) ::kill(-pid, SIGKILL);
  }
}

bool ScriptProcesses::is_executable(const std::string& path) const { return net::is_executable(path); }

ScriptProcesses::Child ScriptProcesses::spawn(std::vector<std::string> command) {
  const Beginning beginning;
  std::vector<char*> arguments;
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  Child child;
  child.error =
      posix_spawn(&child.pid, arguments[0], beginning.actions(), beginning.attributes(), arguments.data(), environ);
  return child;
}

void ScriptProcesses::take_start(node::ScriptRun run, const Child& child) {
  starting_.erase(run);
  const bool doomed = doomed_.erase(run) != 0;
  if (child.error == 0) {
    running_.emplace(child.pid, run);
    events_.on_script_started(run, child.pid);
    if (doomed) kill(run);
    const auto ended = ended_unannounced_.extract(child.pid);
    if (!ended.empty()) take_end(child.pid, ended.mapped());
  } else {
    events_.on_script_ended(run, end_of_failed_start(child.error));
  }
  if (starting_.empty()) ended_unannounced_.clear();
}

void ScriptProcesses::reap() {
  int status = 0;
  for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) take_end(pid, status);
}

void ScriptProcesses::take_end(pid_t pid, int status) {
  const auto child = running_.extract(pid);
  if (!child.empty()) {
    events_.on_script_ended(child.mapped(), end_of_child(status));
  } else if (!starting_.empty()) {
    ended_unannounced_[pid] = status;
  }
}

}  // namespace vedette::net
