#include "node/listing.h"

#include <algorithm>
#include <utility>

#include "node/instance_maps.h"

namespace vedette::node {

Listing::Listing(const core::State& state, resp::Protocol protocol) : protocol_(protocol) {
  names_.reserve(state.primaries.size());
  for (const auto& [name, primary] : state.primaries) names_.push_back(name);
  reply_ = header_of(names_.size());
}

bool Listing::write_on(const View& view, Instant now) {
  const bool begins = next_ == 0;
  resp::Writer writer(reply_, protocol_);
  const std::size_t end = std::min(next_ + kPrimariesInATurn, names_.size());
  for (; next_ < end; ++next_) {
    const auto found = view.state().primaries.find(names_[next_]);
    if (found == view.state().primaries.end()) continue;
    write_primary(writer, view, found->second, now);
    ++written_;
  }
  // Not to be moved again and again while it grows: that of thousands is megabytes.
  if (begins && end > 0) reply_.reserve(reply_.size() * names_.size() / end * 9 / 8);
  return next_ == names_.size();
}

std::string Listing::take_reply() {
  if (written_ != names_.size()) reply_.replace(0, header_of(names_.size()).size(), header_of(written_));
  return std::exchange(reply_, {});
}

std::string Listing::header_of(std::size_t count) const {
  std::string header;
  resp::Writer(header, protocol_).array(count);
  return header;
}

}  // namespace vedette::node
