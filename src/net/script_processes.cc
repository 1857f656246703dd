#include "net/script_processes.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include "net/files.h"

namespace vedette::net {
namespace {

// What scripts may need and is no secret. Of what we were given ourselves anything else may be one.
constexpr std::array<std::string_view, 8> kHarmless{"PATH",     "HOME", "LANG", "LC_ALL",
                                                    "LC_CTYPE", "TZ",   "USER", "TMPDIR"};

bool is_harmless(std::string_view variable) {
  const std::string_view name = variable.substr(0, variable.find('='));
  return std::find(kHarmless.begin(), kHarmless.end(), name) != kHarmless.end();
}

// As `execve` wants it; as long as the words are there, and are not touched.
std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

// How a child is to begin, apart from its command line. It prints to `output`.
class Beginning {
 public:
  explicit Beginning(int output) {
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
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
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

node::ScriptRun ScriptProcesses::start(const node::ScriptCommand& command) {
  const node::ScriptRun run{++last_run_};
  starting_.insert(run);
  asio::post(worker_, [this, run, full = with_environment(command)] {
    const auto child = std::make_shared<Child>(spawn(full));
    asio::post(loop_, [this, run, child] { take_start(run, std::move(*child)); });
  });
  return run;
}

void ScriptProcesses::kill(node::ScriptRun run) {
  if (starting_.contains(run)) doomed_.insert(run);
  for (const auto& [pid, known] : running_) {
    if (known.run == run) ::kill(-pid, SIGKILL);
  }
}

bool ScriptProcesses::is_executable(const std::string& path) const { return net::is_executable(path); }

node::ScriptCommand ScriptProcesses::with_environment(node::ScriptCommand command) const {
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (inherit_ || is_harmless(*variable)) command.environment.emplace_back(*variable);
  }
  return command;
}

ScriptProcesses::Child ScriptProcesses::spawn(node::ScriptCommand command) {
  Child child;
  int pipe_ends[2];
  if (::pipe2(pipe_ends, O_CLOEXEC) != 0) {
    child.error = EAGAIN;  // no descriptor is left now
    return child;
  }
  child.output = Descriptor(pipe_ends[0]);
  const Descriptor printed(pipe_ends[1]);
  ::fcntl(child.output.get(), F_SETFL, O_NONBLOCK);
  const Beginning beginning(printed.get());
  const std::vector<char*> words = pointers_to(command.words);
  const std::vector<char*> environment = pointers_to(command.environment);
  child.error =
      posix_spawn(&child.pid, words[0], beginning.actions(), beginning.attributes(), words.data(), environment.data());
  return child;
}

void ScriptProcesses::take_start(node::ScriptRun run, Child child) {
  starting_.erase(run);
  const bool doomed = doomed_.erase(run) != 0;
  if (child.error == 0) {
    events_.on_script_started(run, child.pid);
    const auto print = [this, run](std::string_view line) { events_.on_script_printed(run, line); };
    running_.emplace(child.pid, Running{run, std::make_unique<ScriptOutput>(loop_, std::move(child.output), print)});
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
  auto child = running_.extract(pid);
  if (!child.empty()) {
    child.mapped().output->finish();
    events_.on_script_ended(child.mapped().run, end_of_child(status));
  } else if (!starting_.empty()) {
    ended_unannounced_[pid] = status;
  }
}

}  // namespace vedette::net
