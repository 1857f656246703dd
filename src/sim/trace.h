// What happened in a simulated world, as lines with their instants. The last ones are kept, all of them are hashed: two
// runs from one seed must give the same hash.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace vedette::sim {

class Trace {
 public:
  static constexpr std::size_t kLinesKept = 400;

  struct Line {
    Instant at;
    std::string_view who;
    std::string_view what;
    std::string_view text;  // all of it
  };
  using Show = std::function<void(const Line& line)>;

  explicit Trace(Show show = nullptr) : show_(std::move(show)) {}

  void write(Instant now, std::string_view who, std::string_view what);

  std::uint64_t hash() const { return hash_; }
  const std::deque<std::string>& last_lines() const { return lines_; }

 private:
  Show show_;
  std::deque<std::string> lines_;
  std::uint64_t hash_ = 0;
};

}  // namespace vedette::sim
