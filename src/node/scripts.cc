#include "node/scripts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "proto/names.h"

namespace vedette::node {
namespace {

// A script asks for another attempt by this status. Any other failure would only be repeated.
constexpr int kTryAgain = 1;

bool is_worth_another_attempt(const ScriptEnd& end, unsigned attempts) {
  return (end.signal != 0 || end.status == kTryAgain) && attempts < kMaxScriptAttempts;
}

// Bounded, so that no setting makes the doubling overflow.
Micros retry_delay(Micros first, unsigned attempts) {
  constexpr Micros kLongestFirst = std::chrono::hours(24 * 365);
  return std::min(first, kLongestFirst) * (1U << (attempts - 1));
}

ScriptCommand command_of(const core::RunScript& order) {
  ScriptCommand command{{order.path}, {}};
  for (const core::ScriptFact& fact : order.facts) {
    command.words.push_back(fact.value);
    command.environment.push_back(fmt::format("VEDETTE_{}={}", fact.name, fact.value));
  }
  return command;
}

}  // namespace

Scripts::Scripts(ScriptRunner& runner, Logger& logger, const core::Timing& timing, Announcer announcer)
    : runner_(runner), logger_(logger), timing_(timing), announcer_(std::move(announcer)) {}

void Scripts::carry_out(Instant now, const core::RunScript& order) {
  if (jobs_.size() >= kMaxQueuedScripts) make_room();
  Job& job = jobs_.emplace_back();
  job.command = command_of(order);
  job.since = now;
  start_due(now);
}

void Scripts::started(Instant, ScriptRun run, std::int64_t pid) {
  find(run)->pid = pid;
  logger_.log(core::Level::kDebug, fmt::format("+script-child {}", pid));
}

void Scripts::printed(ScriptRun run, std::string_view line) {
  const Place job = find(run);
  logger_.log(core::Level::kNotice, fmt::format("{} ({}) says: {}", job->command.words.front(), job->pid, line));
}

void Scripts::ended(Instant now, ScriptRun run, const ScriptEnd& end) {
  const Place job = find(run);
  logger_.log(core::Level::kDebug, fmt::format("-script-child {} {} {}", job->pid, end.status, end.signal));
  --running_;
  job->run.reset();
  const bool again = is_worth_another_attempt(end, job->attempts);
  const bool failed = end.signal != 0 || end.status != 0;
  if (end.signal == ScriptEnd::kNotStarted || (failed && !again)) {
    warn(now, proto::event::kScriptError, fmt::format("{} {} {}", job->command.words.front(), end.signal, end.status));
  }
  if (again) {
    job->since = now + retry_delay(timing_.script_retry_delay, job->attempts);
    job->pid = 0;
    job->killed = false;
  } else {
    jobs_.erase(job);
  }
  start_due(now);
}

void Scripts::on_timer(Instant now) {
  kill_overdue(now);
  start_due(now);
}

std::optional<Instant> Scripts::next_deadline() const {
  std::optional<Instant> earliest;
  for (const Job& job : jobs_) {
    const bool is_awaited = job.run ? !job.killed : running_ < kMaxRunningScripts;
    const Instant due = job.run ? job.since + timing_.script_max_runtime : job.since;
    if (is_awaited) earliest = std::min(earliest.value_or(due), due);
  }
  return earliest;
}

Scripts::Place Scripts::find(ScriptRun run) {
  return std::find_if(jobs_.begin(), jobs_.end(), [run](const Job& job) { return job.run == run; });
}

// Not all can be running: more are allowed to wait than to run.
void Scripts::make_room() {
  const Place oldest = std::find_if(jobs_.begin(), jobs_.end(), [](const Job& job) { return !job.run; });
  logger_.log(core::Level::kWarning,
              fmt::format("{} scripts run or wait, which is the limit; the oldest that waits is given up: {}",
                          kMaxQueuedScripts, fmt::join(oldest->command.words, " ")));
  jobs_.erase(oldest);
}

void Scripts::start_due(Instant now) {
  for (Job& job : jobs_) {
    if (running_ >= kMaxRunningScripts) return;
    if (job.run || job.since > now) continue;
    ++running_;
    ++job.attempts;
    job.since = now;
    job.run = runner_.start(job.command);
  }
}

void Scripts::kill_overdue(Instant now) {
  for (Job& job : jobs_) {
    if (!job.run || job.killed || job.since + timing_.script_max_runtime > now) continue;
    job.killed = true;
    warn(now, proto::event::kScriptTimeout, fmt::format("{} {}", job.command.words.front(), job.pid));
    runner_.kill(*job.run);
  }
}

void Scripts::warn(Instant now, std::string_view event, std::string payload) {
  announcer_(now, core::Announce{core::Level::kWarning, event, std::move(payload)});
}

}  // namespace vedette::node
