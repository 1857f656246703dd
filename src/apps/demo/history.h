// What the sentinels have reported so far, to be asked for what has been reached.
#pragma once

#include <cstddef>
#include <deque>
#include <string_view>

#include "apps/demo/report.h"

namespace vedette::demo {

class History {
 public:
  static constexpr std::size_t kMaxReports = 4096;  // older ones are forgotten

  void add(Report report);

  // The last report of this event, by this sentinel or by any; null if there is none since `since`.
  const Report* last(std::string_view event, WallTime since) const;
  const Report* last_by(Lane who, std::string_view event, WallTime since) const;

  // How many sentinels have reported it since.
  std::size_t witnesses(std::string_view event, WallTime since) const;

  // How many different payloads a sentinel has reported with this event.
  std::size_t distinct(Lane who, std::string_view event) const;

 private:
  std::deque<Report> reports_;
};

}  // namespace vedette::demo
