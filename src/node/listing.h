// The reply to a request that lists all primaries, written some at a time: thousands of them take longer than anybody
// else should have to wait.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "node/serving.h"
#include "resp/writer.h"

namespace vedette::node {

class Listing {
 public:
  static constexpr std::size_t kPrimariesInATurn = 64;

  // Of the primaries that there are now.
  Listing(const core::State& state, resp::Protocol protocol);

  // Writes the next ones as they are now, but for those that are monitored no more. True: that was the last of them.
  bool write_on(const View& view, Instant now);

  // The whole of it; once, after the last.
  std::string take_reply();

 private:
  std::string header_of(std::size_t count) const;

  const resp::Protocol protocol_;
  std::vector<std::string> names_;
  std::size_t next_ = 0;     // of the names
  std::size_t written_ = 0;  // primaries
  std::string reply_;        // as long as nobody has gone
};

}  // namespace vedette::node
