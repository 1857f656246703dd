// A client of the simulated world that reads, as an application with a Sentinel-aware library does: it asks one
// sentinel after the other for the replicas, reads from one that is well by what it was told, or from the primary if
// none is, and chooses anew now and then and whenever something goes wrong. It remembers what it read, and how often it
// could not.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "resp/reply_decoder.h"
#include "sim/history.h"
#include "sim/network.h"
#include "sim/process.h"

namespace vedette::sim {

class Reader final : public Process {
 public:
  static constexpr Micros kPause{200'000};    // from an answer to the next read
  static constexpr Micros kTimeout{500'000};  // of anything that it waits for
  static constexpr Micros kRetryPause{50'000};
  static constexpr unsigned kReadsOfOneChoice = 25;

  struct Read {
    Instant at;
    Place place;  // of the data that it was read from
  };

  Reader(EventQueue& queue, Network& network, std::string name, std::string host, std::string primary,
         std::vector<Address> sentinels);

  void start();

  // Since the last call.
  std::vector<Read> take_reads() { return std::exchange(reads_, {}); }
  std::size_t take_failures() { return std::exchange(failures_, 0); }

  void on_accepted(ConnectionId, const Address&, const Address&) override {}
  void on_connected(ConnectionId connection, const Address& local) override;
  void on_received(ConnectionId connection, std::string_view bytes) override;
  void on_closed(ConnectionId connection, core::LinkFault fault) override;

 private:
  enum class Phase : std::uint8_t { kAskingReplicas, kAskingPrimary, kReading };

  void choose();
  void connect(Phase phase, const Address& to);
  void ask();
  void take(const resp::Value& reply);
  void take_replicas(const resp::Value& reply);
  void take_primary(const resp::Value& reply);
  void take_read(const resp::Value& reply);
  void start_over();

  Network& network_;
  const std::string primary_;
  const std::vector<Address> sentinels_;
  std::size_t next_sentinel_ = 0;
  std::size_t next_replica_ = 0;
  Phase phase_ = Phase::kAskingReplicas;
  ConnectionId connection_{};
  resp::ReplyDecoder decoder_;
  unsigned reads_left_ = 0;  // of this choice
  std::uint64_t step_ = 0;   // of what it does: a time-out of an earlier step means nothing
  std::vector<Read> reads_;
  std::size_t failures_ = 0;
};

}  // namespace vedette::sim
