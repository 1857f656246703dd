#include "sim/trace.h"

#include <fmt/format.h>

#include "base/hash.h"

namespace vedette::sim {

void Trace::write(Instant now, std::string_view who, std::string_view what) {
  const auto micros = now.time_since_epoch().count();
  std::string line = fmt::format("{:>10}.{:06} {:<12} {}", micros / 1'000'000, micros % 1'000'000, who, what);
  hash_ = stable_hash(line, hash_);
  if (show_) show_({now, who, what, line});
  lines_.push_back(std::move(line));
  if (lines_.size() > kLinesKept) lines_.pop_front();
}

}  // namespace vedette::sim
