// A client of the simulated world that reads, as an application with a Sentinel-aware library does: it asks one
// sentinel after the other for the replicas, reads from one that is well by what it was told, or from the primary if
// none is, and chooses anew now and then and whenever something goes wrong. It remembers what it read, and how often it
// could not.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/client.h"
#include "sim/history.h"

namespace vedette::sim {

class Reader final : public Client {
 public:
  static constexpr Micros kPause{200'000};  // from an answer to the next read
  static constexpr unsigned kReadsOfOneChoice = 25;

  struct Read {
    Instant at;
    Place place;  // of the data that it was read from
  };

  using Client::Client;

  // Since the last call.
  std::vector<Read> take_reads() { return std::exchange(reads_, {}); }
  std::size_t take_failures() { return std::exchange(failures_, 0); }

 private:
  enum class Phase : std::uint8_t { kAskingReplicas, kAskingPrimary, kReading };

  void ask_next_sentinel() override;
  void ask() override;
  void take(const resp::Value& reply) override;
  void give_up() override;

  void read_from(const Address& server);
  void take_replicas(const resp::Value& reply);
  void take_primary(const resp::Value& reply);
  void take_read(const resp::Value& reply);

  std::size_t next_replica_ = 0;
  Phase phase_ = Phase::kAskingReplicas;
  unsigned reads_left_ = 0;  // of this choice
  std::vector<Read> reads_;
  std::size_t failures_ = 0;
};

}  // namespace vedette::sim
