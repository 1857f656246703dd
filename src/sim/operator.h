// An operator of the simulated world: connects to a sentinel, gives one order, and leaves with the answer.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/network.h"
#include "sim/process.h"

namespace vedette::sim {

class Operator final : public Process {
 public:
  static constexpr Micros kTimeout{1'000'000};

  Operator(EventQueue& queue, Network& network, std::string name, std::string host)
      : Process(queue, std::move(name), std::move(host)), network_(network) {
    set_alive(true);
  }

  void order(const Address& sentinel, const std::vector<std::string>& arguments);

  void on_accepted(ConnectionId, const Address&, const Address&) override {}
  void on_connected(ConnectionId connection, const Address& local) override;
  void on_received(ConnectionId connection, std::string_view bytes) override;
  void on_closed(ConnectionId connection, core::LinkFault) override { orders_.erase(connection); }

 private:
  Network& network_;
  std::map<ConnectionId, std::string> orders_;
};

}  // namespace vedette::sim
