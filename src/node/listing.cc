#include "node/listing.h"

#include <algorithm>

namespace vedette::node {

Listing::Listing(const core::State& state) {
  names_.reserve(state.primaries.size());
  for (const auto& [name, primary] : state.primaries) names_.push_back(name);
}

bool Listing::write_on(const View& view, Instant now) {
  const bool begins = next_ == 0;
  const std::size_t end = std::min(next_ + kPrimariesInATurn, names_.size());
  for (; next_ < end; ++next_) {
    const auto found = view.state().primaries.find(names_[next_]);
    if (found == view.state().primaries.end()) continue;
    write(view, found->second, now);
    ++written_;
  }
  // Not to be moved again and again while it grows: that of thousands is megabytes.
  if (begins && end < names_.size()) text_.reserve(text_.size() * names_.size() / end * 9 / 8);
  return next_ == names_.size();
}

}  // namespace vedette::node
