#include "sim/disk.h"

#include "base/check.h"

namespace vedette::sim {

void Disk::append(Process& owner, std::string record, Done done) {
  VEDETTE_CHECK(!being_appended_, "one record at a time");
  VEDETTE_CHECK(!journal_.has_old_records(), "what an earlier life has appended is in the file first");
  being_appended_ = std::move(record);
  owner.after(duration(), [this, done = std::move(done)] {
    const Status put_down = put(journal_.bytes_for(*std::exchange(being_appended_, std::nullopt)));
    if (put_down) ++appends_;
    done(put_down);
  });
}

void Disk::replace(Process& owner, std::string text, Done done) {
  VEDETTE_CHECK(!being_written_, "one text at a time");
  const std::string base = journal_.begin_replace(text);
  const Status put_down = base.empty() ? Status(Ok{}) : put(base);
  being_written_ = std::move(text);
  owner.after(duration(), [this, put_down, done = std::move(done)] {
    std::string written = *std::exchange(being_written_, std::nullopt);
    if (!put_down) return done(put_down);
    if (health_ == DiskHealth::kFull) return done(Error{"No space left on device"});
    const bool fails = health_ == DiskHealth::kUnsure;
    if (!fails || rng_.below(2) == 0) {
      text_ = std::move(written);
      ++changes_;
    }
    if (fails) return done(Error{"Input/output error"});
    if (journal_.end_replace()) empty_journal();
    done(Ok{});
  });
}

// What could not be put down as it should is cut off before the next attempt.
Status Disk::put(std::string_view bytes) {
  tail_.clear();
  if (health_ == DiskHealth::kUnsure && rng_.below(2) == 0) tail_ = bytes;
  if (health_ == DiskHealth::kFull) return Error{"No space left on device"};
  if (health_ == DiskHealth::kUnsure) return Error{"Input/output error"};
  add(bytes);
  journal_.appended(bytes.size());
  return Ok{};
}

void Disk::add(std::string_view bytes) {
  records_ += bytes;
  ++changes_;
}

void Disk::save_last(std::string text) {
  text_ = std::move(text);
  empty_journal();
  journal_ = conf::Journal(text_, false);
  ++changes_;
}

void Disk::empty_journal() {
  records_.clear();
  tail_.clear();
}

void Disk::crash() {
  if (being_written_ && health_ != DiskHealth::kFull && rng_.below(2) == 0) {
    text_ = *being_written_;
    ++changes_;
  }
  if (being_appended_) {
    const std::string bytes = journal_.bytes_for(*being_appended_);
    const std::size_t left = rng_.below(bytes.size() + 1);
    if (left == bytes.size()) {
      add(bytes);
    } else {
      tail_ = bytes.substr(0, left);
    }
  }
  being_appended_.reset();
  being_written_.reset();
  journal_ = conf::Journal(text_, !journal().empty());
}

Micros Disk::duration() {
  return rng_.between(kShortestWrite, health_ == DiskHealth::kSlow ? kLongestSlowWrite : kLongestWrite);
}

}  // namespace vedette::sim
