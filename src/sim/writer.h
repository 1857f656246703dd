// A client of the simulated world that writes without pause, as an application with a Sentinel-aware library does: it
// asks one sentinel after the other where the primary is, writes there, one write after the other, and starts over
// whenever something goes wrong. It remembers which writes were acknowledged, and when.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "resp/reply_decoder.h"
#include "sim/history.h"
#include "sim/network.h"
#include "sim/process.h"

namespace vedette::sim {

class Writer final : public Process {
 public:
  static constexpr Micros kPause{100'000};    // from an acknowledgement to the next write
  static constexpr Micros kTimeout{500'000};  // of anything that it waits for
  static constexpr Micros kRetryPause{50'000};

  struct Acknowledged {
    Instant at;
    Place place;
  };

  Writer(EventQueue& queue, Network& network, std::string name, std::string host, std::string primary,
         std::vector<Address> sentinels);

  void start();

  // What was acknowledged since the last call.
  std::vector<Acknowledged> take_acknowledged() { return std::exchange(acknowledged_, {}); }
  std::optional<Instant> last_success() const { return last_success_; }

  void on_accepted(ConnectionId, const Address&, const Address&) override {}
  void on_connected(ConnectionId connection, const Address& local) override;
  void on_received(ConnectionId connection, std::string_view bytes) override;
  void on_closed(ConnectionId connection, core::LinkFault fault) override;

 private:
  enum class Phase : std::uint8_t { kAsking, kWriting };

  void ask();
  void connect(Phase phase, const Address& to);
  void write();
  void send(std::string bytes);
  void take(const resp::Value& reply);
  void start_over();

  Network& network_;
  const std::string primary_;
  const std::vector<Address> sentinels_;
  std::size_t next_sentinel_ = 0;
  Phase phase_ = Phase::kAsking;
  ConnectionId connection_{};
  resp::ReplyDecoder decoder_;
  std::uint64_t step_ = 0;  // of what it does: a time-out of an earlier step means nothing
  std::vector<Acknowledged> acknowledged_;
  std::optional<Instant> last_success_;
};

}  // namespace vedette::sim
