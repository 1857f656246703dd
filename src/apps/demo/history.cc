#include "apps/demo/history.h"

#include <algorithm>
#include <set>
#include <utility>

namespace vedette::demo {

void History::add(Report report) {
  if (reports_.size() == kMaxReports) reports_.pop_front();
  reports_.push_back(std::move(report));
}

const Report* History::last(std::string_view event, WallTime since) const {
  const auto found = std::find_if(reports_.rbegin(), reports_.rend(),
                                  [&](const Report& report) { return report.event == event && report.at >= since; });
  return found == reports_.rend() ? nullptr : &*found;
}

const Report* History::last_by(Lane who, std::string_view event, WallTime since) const {
  const auto found = std::find_if(reports_.rbegin(), reports_.rend(), [&](const Report& report) {
    return report.who == who && report.event == event && report.at >= since;
  });
  return found == reports_.rend() ? nullptr : &*found;
}

std::size_t History::witnesses(std::string_view event, WallTime since) const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < kSentinels; ++i) count += last_by(sentinel_lane(i), event, since) != nullptr ? 1U : 0U;
  return count;
}

std::size_t History::distinct(Lane who, std::string_view event) const {
  std::set<std::string_view> payloads;
  for (const Report& report : reports_) {
    if (report.who == who && report.event == event) payloads.insert(report.text);
  }
  return payloads.size();
}

}  // namespace vedette::demo
