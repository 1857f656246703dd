// The deadlines of many things, each with at most one. Setting and finding the earliest are logarithmic, and things
// that are due at the same instant come in the order of their keys, the same in every run.
#pragma once

#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/memory_use.h"
#include "base/time.h"

namespace vedette {

template <typename Key>
class Schedule {
 public:
  // Replaces the deadline of `key`; nullopt removes it.
  void set(Key key, std::optional<Instant> deadline) {
    const auto found = deadlines_.find(key);
    if (found == deadlines_.end()) {
      if (deadline) add(key, *deadline);
    } else if (!deadline) {
      order_.erase({found->second, key});
      deadlines_.erase(found);
    } else if (deadline != found->second) {
      auto entry = order_.extract({found->second, key});  // most deadlines move: its memory is used again
      entry.value().first = found->second = *deadline;
      order_.insert(std::move(entry));
    }
  }

  std::optional<Instant> earliest() const {
    if (order_.empty()) return std::nullopt;
    return order_.begin()->first;
  }

  std::size_t heap_bytes() const { return tree_of(order_) + table_of(deadlines_); }

  // The earliest one, taken off the schedule, if it is due at `now`.
  std::optional<Key> take_due(Instant now) {
    if (order_.empty() || order_.begin()->first > now) return std::nullopt;
    const Key key = order_.begin()->second;
    set(key, std::nullopt);
    return key;
  }

 private:
  void add(Key key, Instant deadline) {
    order_.emplace(deadline, key);
    deadlines_.emplace(key, deadline);
  }

  std::set<std::pair<Instant, Key>> order_;
  std::unordered_map<Key, Instant> deadlines_;
};

}  // namespace vedette
