#include "sim/disk.h"

#include "base/check.h"

namespace vedette::sim {

void Disk::save(Process& owner, std::string text, std::function<void(const Status&)> done) {
  VEDETTE_CHECK(!being_written_, "one save at a time");
  being_written_ = std::move(text);
  owner.after(duration(), [this, done = std::move(done)] {
    const std::string written = *std::exchange(being_written_, std::nullopt);
    if (health_ == DiskHealth::kFull) {
      done(Error{"No space left on device"});
      return;
    }
    if (health_ == DiskHealth::kUnsure) {
      if (rng_.below(2) == 0) save_last(written);
      done(Error{"Input/output error"});
      return;
    }
    save_last(written);
    done(Ok{});
  });
}

void Disk::save_last(std::string text) {
  text_ = std::move(text);
  ++saves_;
}

void Disk::crash() {
  if (being_written_ && health_ != DiskHealth::kFull && rng_.below(2) == 0) save_last(*being_written_);
  being_written_.reset();
}

Micros Disk::duration() {
  return rng_.between(kShortestSave, health_ == DiskHealth::kSlow ? kLongestSlowSave : kLongestSave);
}

}  // namespace vedette::sim
