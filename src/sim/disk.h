// The disk of one simulated sentinel: its state file, replaced as a whole, and the journal beside it. What is durable
// survives a crash. A crash while the file is being replaced leaves the old text or the new one, as the rename of a
// real file does; one while a record is being appended leaves it, or a part of it, or nothing.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "base/rng.h"
#include "conf/journal.h"
#include "sim/process.h"

namespace vedette::sim {

// `kUnsure`: writing fails, but sometimes what was written is there nevertheless, as when the directory cannot be
// synchronised after the rename.
enum class DiskHealth : std::uint8_t { kWell, kSlow, kFull, kUnsure };

class Disk {
 public:
  static constexpr Micros kShortestWrite{300};
  static constexpr Micros kLongestWrite{4'000};
  static constexpr Micros kLongestSlowWrite{3'000'000};

  using Done = std::function<void(const Status&)>;

  Disk(std::string text, SplitMix64 rng) : text_(std::move(text)), rng_(rng), journal_(text_, false) {}

  const std::string& text() const { return text_; }
  const std::string& records() const { return records_; }  // of the journal, those that are whole
  std::string journal() const { return records_ + tail_; }

  // How often it has changed, and how often by a record.
  std::uint64_t changes() const { return changes_; }
  std::uint64_t appends() const { return appends_; }

  void set_health(DiskHealth health) { health_ = health; }

  // Both call `done` on `owner` when they have ended, unless it dies before.
  void append(Process& owner, std::string record, Done done);
  void replace(Process& owner, std::string text, Done done);
  // Of an orderly end: at once, and nothing is left in the journal.
  void save_last(std::string text);

  // The owner died.
  void crash();

 private:
  Micros duration();
  Status put(std::string_view bytes);
  void add(std::string_view bytes);
  void empty_journal();

  std::string text_;
  SplitMix64 rng_;
  conf::Journal journal_;
  std::string records_;
  std::string tail_;  // of what could not be appended as it should
  std::uint64_t changes_ = 0;
  std::uint64_t appends_ = 0;
  std::optional<std::string> being_appended_;
  std::optional<std::string> being_written_;
  DiskHealth health_ = DiskHealth::kWell;
};

}  // namespace vedette::sim
