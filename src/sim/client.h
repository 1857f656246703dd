// A client of the simulated world, as an application with a Sentinel-aware library is: it asks one sentinel after the
// other where to go, goes there, and starts over whenever something goes wrong or takes too long.
#pragma once

#include <string>
#include <vector>

#include "resp/reply_decoder.h"
#include "sim/network.h"
#include "sim/process.h"

namespace vedette::sim {

class Client : public Process {
 public:
  static constexpr Micros kTimeout{500'000};  // of anything that it waits for
  static constexpr Micros kRetryPause{50'000};

  Client(EventQueue& queue, Network& network, std::string name, std::string host, std::string primary,
         std::vector<Address> sentinels);

  void start();

  void on_accepted(ConnectionId, const Address&, const Address&) final {}
  void on_connected(ConnectionId connection, const Address& local) final;
  void on_received(ConnectionId connection, std::string_view bytes) final;
  void on_closed(ConnectionId connection, core::LinkFault fault) final;

 protected:
  virtual void ask_next_sentinel() = 0;
  virtual void ask() = 0;  // what it has connected for
  virtual void take(const resp::Value& reply) = 0;
  virtual void give_up() {}  // what it was about, before it starts over

  const std::string& primary() const { return primary_; }
  const Address& next_sentinel() { return sentinels_[next_sentinel_++ % sentinels_.size()]; }
  void connect(const Address& to);
  void send(std::string bytes);
  // Unless something else has begun by then.
  template <typename Action>
  void later(Micros pause, Action action) {
    after(pause, [this, step = step_, action] {
      if (step == step_) action();
    });
  }
  void start_over();

 private:
  Network& network_;
  const std::string primary_;
  const std::vector<Address> sentinels_;
  std::size_t next_sentinel_ = 0;
  ConnectionId connection_{};
  resp::ReplyDecoder decoder_;
  std::uint64_t step_ = 0;  // of what it does: a time-out of an earlier step means nothing
};

}  // namespace vedette::sim
