#include "node/state_keeper.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "conf/journal.h"
#include "conf/memory.h"
#include "conf/render.h"
#include "node/state_file.h"

namespace vedette::node {

StateKeeper::StateKeeper(std::shared_ptr<const conf::Form> form, const core::State& state, Disk& disk, Logger& logger)
    : form_(std::move(form)), disk_(disk), logger_(logger), current_epoch_(state.current_epoch) {
  for (const auto& [name, primary] : state.primaries) remember(name, state);
}

void StateKeeper::save(Instant now, const core::Save& what, const core::State& state) {
  for (const std::string& name : what.primaries) remember(name, state);
  last_change_ = now;
  first_change_ = first_change_.value_or(now);
  current_epoch_ = state.current_epoch;
  if (what.everything) {
    everything_ = what.revision;
  } else {
    append(what);
  }
}

void StateKeeper::remember(const std::string& name, const core::State& state) {
  const auto primary = state.primaries.find(name);
  if (primary == state.primaries.end()) {
    primaries_.erase(name);
  } else {
    primaries_[name] = std::make_shared<const conf::MonitoredPrimary>(monitored_from(primary->second, state));
  }
}

void StateKeeper::append(const core::Save& what) {
  conf::Changes changes;
  changes.current_epoch = current_epoch_;
  for (const std::string& name : what.primaries) {
    const auto primary = primaries_.find(name);
    if (primary == primaries_.end()) {
      changes.removed.push_back(name);
    } else {
      changes.primaries.push_back(*primary->second);
    }
  }
  appending_ = what.revision;
  disk_.append(conf::journal_record(changes));
}

core::SaveFinished StateKeeper::appended(const Status& result) {
  VEDETTE_CHECK(appending_.has_value(), "an append ends that was begun");
  return {*std::exchange(appending_, std::nullopt), result};
}

std::optional<Instant> StateKeeper::next_deadline() const {
  if (writing_ || !first_change_) return std::nullopt;
  if (everything_) return last_change_;
  return std::max(not_before_, std::min(last_change_ + kQuiet, *first_change_ + kLongest));
}

bool StateKeeper::is_due(Instant now) const {
  const auto deadline = next_deadline();
  return deadline && *deadline <= now;
}

void StateKeeper::write(Instant now, conf::SentinelSettings sentinel) {
  writing_ = Writing{now, std::exchange(everything_, std::nullopt)};
  first_change_.reset();
  sentinel.current_epoch = current_epoch_;
  disk_.replace([form = form_, sentinel = std::move(sentinel), primaries = primaries_]() mutable {
    for (const auto& [name, primary] : primaries) sentinel.primaries.push_back(*primary);
    return conf::render(*form, sentinel);
  });
}

std::optional<core::SaveFinished> StateKeeper::replaced(Instant now, const Status& result) {
  VEDETTE_CHECK(writing_.has_value(), "a file has been written that was begun");
  const Writing written = *std::exchange(writing_, std::nullopt);
  if (result) {
    not_before_ = now + kShareOfTime * (now - written.begun_at);
  } else {
    not_before_ = now + kRetryPeriod;
    first_change_ = written.begun_at;
  }
  if (written.saves) return core::SaveFinished{*written.saves, result};
  if (!result) {
    logger_.log(core::Level::kWarning, fmt::format("Can't write the state file: {}. What it lacks is in the journal "
                                                   "beside it; trying again in {} ms",
                                                   result.error().message, to_millis(kRetryPeriod)));
  }
  return std::nullopt;
}

MemoryUse StateKeeper::memory() const {
  constexpr std::size_t kOfSharing = 2 * sizeof(void*);  // the counts
  MemoryUse use{primaries_.size(), conf::heap_of(*form_) + tree_of(primaries_)};
  for (const auto& [name, primary] : primaries_) {
    use.bytes += heap_of(name) + sizeof(conf::MonitoredPrimary) + kOfSharing + conf::heap_of(*primary);
  }
  return use;
}

}  // namespace vedette::node
