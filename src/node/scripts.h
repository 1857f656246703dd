// The scripts of operators: what runs, what waits to run, and what is tried again.
//
// At most `kMaxRunningScripts` run at a time, in the order in which they were wanted. One that is killed, or ends with
// the status 1, is tried again after a delay that doubles, up to `kMaxScriptAttempts` times in all; any other failure
// is final. One that runs for too long is killed. Not in here: how a process is started (`ports.h`), and which scripts
// are wanted (`core/`).
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/effect.h"
#include "core/timing.h"
#include "node/ports.h"

namespace vedette::node {

inline constexpr std::size_t kMaxRunningScripts = 16;
// Running or waiting. Beyond it, the one that waits for longest is given up.
inline constexpr std::size_t kMaxQueuedScripts = 256;
inline constexpr unsigned kMaxScriptAttempts = 10;

class Scripts {
 public:
  struct Job {
    ScriptCommand command;
    unsigned attempts = 0;         // the present one included
    std::optional<ScriptRun> run;  // while it runs
    std::int64_t pid = 0;          // while it runs; 0 until that is known
    Instant since{};               // it runs since then, or is not started before
    bool killed = false;           // it ran for too long, and its end is awaited
  };
  using Announcer = std::function<void(Instant, const core::Announce&)>;

  // `timing` is looked at whenever a time is needed: it may be changed meanwhile.
  Scripts(ScriptRunner& runner, Logger& logger, const core::Timing& timing, Announcer announcer);

  void carry_out(Instant now, const core::RunScript& order);

  // --- Events of the world ---
  void started(Instant now, ScriptRun run, std::int64_t pid);
  void printed(ScriptRun run, std::string_view line);
  void ended(Instant now, ScriptRun run, const ScriptEnd& end);
  void on_timer(Instant now);
  std::optional<Instant> next_deadline() const;

  // --- To look at ---
  const std::deque<Job>& jobs() const { return jobs_; }  // in the order in which they are started
  std::size_t running() const { return running_; }
  bool is_executable(const std::string& path) const { return runner_.is_executable(path); }

 private:
  using Place = std::deque<Job>::iterator;

  Place find(ScriptRun run);
  void make_room();
  void start_due(Instant now);
  void kill_overdue(Instant now);
  void warn(Instant now, std::string_view event, std::string payload);

  ScriptRunner& runner_;
  Logger& logger_;
  const core::Timing& timing_;
  Announcer announcer_;
  std::deque<Job> jobs_;
  std::size_t running_ = 0;
};

}  // namespace vedette::node
