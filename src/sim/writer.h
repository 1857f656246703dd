// A client of the simulated world that writes without pause, as an application with a Sentinel-aware library does: it
// asks one sentinel after the other where the primary is, writes there, one write after the other, and starts over
// whenever something goes wrong. It remembers which writes were acknowledged, and when. Its key is its name.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/client.h"
#include "sim/history.h"

namespace vedette::sim {

class Writer final : public Client {
 public:
  static constexpr Micros kPause{100'000};  // from an acknowledgement to the next write

  struct Acknowledged {
    Instant at;
    Place place;
  };

  using Client::Client;

  // What was acknowledged since the last call.
  std::vector<Acknowledged> take_acknowledged() { return std::exchange(acknowledged_, {}); }
  std::optional<Instant> last_success() const { return last_success_; }

 private:
  enum class Phase : std::uint8_t { kAsking, kWriting };

  void ask_next_sentinel() override;
  void ask() override;
  void take(const resp::Value& reply) override;

  Phase phase_ = Phase::kAsking;
  std::vector<Acknowledged> acknowledged_;
  std::optional<Instant> last_success_;
};

}  // namespace vedette::sim
