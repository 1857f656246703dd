// The disk of one simulated sentinel: one file, replaced as a whole. What is durable survives a crash; a crash while a
// save is under way leaves the old text or the new one, as the rename of a real file does.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "base/rng.h"
#include "sim/process.h"

namespace vedette::sim {

// `kUnsure`: saves fail, but some of them leave the new text nevertheless, as when the directory cannot be synchronised
// after the rename.
enum class DiskHealth : std::uint8_t { kWell, kSlow, kFull, kUnsure };

class Disk {
 public:
  static constexpr Micros kShortestSave{300};
  static constexpr Micros kLongestSave{4'000};
  static constexpr Micros kLongestSlowSave{3'000'000};

  Disk(std::string text, SplitMix64 rng) : text_(std::move(text)), rng_(rng) {}

  const std::string& text() const { return text_; }
  std::uint64_t saves() const { return saves_; }  // how often the text was replaced
  void set_health(DiskHealth health) { health_ = health; }

  // Calls `done` on `owner` when the save has ended, unless it dies before.
  void save(Process& owner, std::string text, std::function<void(const Status&)> done);
  // Of an orderly end: at once.
  void save_last(std::string text);
  // The owner died.
  void crash();

 private:
  Micros duration();

  std::string text_;
  std::uint64_t saves_ = 0;
  std::optional<std::string> being_written_;
  DiskHealth health_ = DiskHealth::kWell;
  SplitMix64 rng_;
};

}  // namespace vedette::sim
