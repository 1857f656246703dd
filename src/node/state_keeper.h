// How the state comes to the disk. What the core wants saved is appended to a journal, which costs the same however
// many primaries there are; the file that people, and other sentinels, read is written whole when things have been
// quiet for a moment, at least now and then in any case, and before anybody is told that everything was saved.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/memory_use.h"
#include "base/result.h"
#include "base/time.h"
#include "conf/document.h"
#include "core/core.h"
#include "node/ports.h"

namespace vedette::node {

class StateKeeper {
 public:
  // The file follows this long after the last change,
  static constexpr Micros kQuiet{200'000};
  // or after the first one that it does not have. Then it is written again and again while there are changes, which
  // must not be what the disk is busy with:
  static constexpr Micros kLongest{5'000'000};
  static constexpr int kShareOfTime = 10;  // so many times as long as it took is left between two times
  // After a failure.
  static constexpr Micros kRetryPeriod{1'000'000};

  StateKeeper(std::shared_ptr<const conf::Form> form, const core::State& state, Disk& disk, Logger& logger);

  // Leads to a `SaveFinished`.
  void save(Instant now, const core::Save& what, const core::State& state);

  // What the core is to be told, if that is what it waits for.
  core::SaveFinished appended(const Status& result);
  std::optional<core::SaveFinished> replaced(Instant now, const Status& result);

  // Of what the file is made of, once for each primary. Looks at each.
  MemoryUse memory() const;

  // When `write` is wanted, if nothing is being written.
  std::optional<Instant> next_deadline() const;
  bool is_due(Instant now) const;
  // The whole file, with these settings of the sentinel itself.
  void write(Instant now, conf::SentinelSettings sentinel);

 private:
  void remember(const std::string& name, const core::State& state);
  void append(const core::Save& what);

  // The file is being written; what has changed since that was begun goes into the next one.
  struct Writing {
    Instant begun_at{};
    std::optional<Revision> saves;  // the core waits for it
  };

  const std::shared_ptr<const conf::Form> form_;
  Disk& disk_;
  Logger& logger_;
  // As they were when the last save was begun: the file never has what no record has, which a record that is still
  // under way would take back.
  Epoch current_epoch_{0};
  std::map<std::string, std::shared_ptr<const conf::MonitoredPrimary>> primaries_;
  std::optional<Revision> appending_;
  std::optional<Writing> writing_;
  std::optional<Revision> everything_;   // the core waits for the file, which is to be written next
  std::optional<Instant> first_change_;  // that the file does not have
  Instant last_change_{};
  Instant not_before_{};
};

}  // namespace vedette::node
