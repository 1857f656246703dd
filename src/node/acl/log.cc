#include "node/acl/log.h"

#include <algorithm>
#include <utility>

namespace vedette::node::acl {
namespace {

// How far back an entry is looked for that a new one may join.
constexpr std::size_t kSearchedEntries = 10;

bool is_about_the_same(const LogEntry& a, const LogEntry& b) {
  return a.reason == b.reason && a.object == b.object && a.user == b.user;
}

}  // namespace

void Log::add(LogEntry entry) {
  entry.object.resize(std::min(entry.object.size(), kMaxTextBytes));
  entry.user.resize(std::min(entry.user.size(), kMaxTextBytes));
  const auto end = entries_.begin() + static_cast<std::ptrdiff_t>(std::min(entries_.size(), kSearchedEntries));
  const auto known = std::find_if(entries_.begin(), end, [&](const LogEntry& earlier) {
    return is_about_the_same(earlier, entry) && entry.at - earlier.at <= kGroupedFor;
  });
  if (known != end) {
    entry.count += known->count;
    entries_.erase(known);
  }
  entries_.push_front(std::move(entry));
  if (entries_.size() > max_entries_) entries_.pop_back();
}

}  // namespace vedette::node::acl
