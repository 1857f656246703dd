// A reply to a request that lists all primaries, written some at a time: thousands of them take longer than anybody
// else should have to wait.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "node/serving.h"

namespace vedette::node {

class Listing {
 public:
  static constexpr std::size_t kPrimariesInATurn = 64;

  // Of the primaries that there are now.
  explicit Listing(const core::State& state);
  virtual ~Listing() = default;
  Listing(const Listing&) = delete;
  Listing& operator=(const Listing&) = delete;

  // Writes the next ones as they are now, but for those that are monitored no more. True: that was the last of them.
  bool write_on(const View& view, Instant now);

  // The whole of it, in the protocol of the client; once, after the last.
  virtual std::string take_reply(Instant now) = 0;

 protected:
  std::size_t expected() const { return names_.size(); }
  std::size_t written() const { return written_; }

  std::string text_;  // of the primaries, and what comes before them

 private:
  virtual void write(const View& view, const core::Primary& primary, Instant now) = 0;

  std::vector<std::string> names_;
  std::size_t next_ = 0;     // of the names
  std::size_t written_ = 0;  // primaries: as many as expected, as long as nobody has gone
};

// Called when its turn has come, which is long after it was asked for where many ask.
using BeginListing = std::function<std::unique_ptr<Listing>()>;

}  // namespace vedette::node
