#include "sim/scripts.h"

namespace vedette::sim {

node::ScriptRun Scripts::start(const node::ScriptCommand&) {
  const node::ScriptRun run{++last_run_};
  running_.insert(run);
  owner_.after(Micros{0}, [this, run] { started_(run, static_cast<std::int64_t>(run)); });
  if (health_ != ScriptHealth::kHanging) {
    const int status = health_ == ScriptHealth::kFailing ? kStatusToRetry : 0;
    owner_.after(rng_.between(kShortestRun, kLongestRun), [this, run, status] { end(run, {status, 0}); });
  }
  return run;
}

void Scripts::kill(node::ScriptRun run) {
  owner_.after(Micros{0}, [this, run] { end(run, {0, kKilled}); });
}

void Scripts::end(node::ScriptRun run, const node::ScriptEnd& how) {
  if (running_.erase(run) > 0) ended_(run, how);
}

}  // namespace vedette::sim
