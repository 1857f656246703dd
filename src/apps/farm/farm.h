// Very many simulated Redis servers in one process, at ports of their own: primaries, each with its replicas.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "apps/farm/farm_network.h"
#include "sim/history.h"
#include "sim/redis_server.h"

namespace vedette::farm {

struct FarmSettings {
  std::string host = "127.0.0.2";
  std::uint16_t first_port = 10000;
  unsigned primaries = 1;
  unsigned replicas = 1;  // of each primary, at the ports after its own
  std::string more_info;  // what each server's INFO ends with, so that it is as long as that of a real one
};

class Farm {
 public:
  Farm(const FarmSettings& settings, sim::EventQueue& queue, FarmNetwork& network);

  // As by SIGKILL, and how a supervisor would start it again. False if there is no such server, or nothing to do.
  bool kill(std::uint16_t port);
  bool start(std::uint16_t port);

  // By their ports.
  using Servers = std::map<std::uint16_t, std::unique_ptr<sim::RedisServer>>;
  const Servers& servers() const { return servers_; }

 private:
  void add_group(const FarmSettings& settings, std::uint16_t port, sim::EventQueue& queue, FarmNetwork& network);

  const sim::RandomStreams streams_{1};   // run ids depend on ports, so that they are the same in every run
  std::deque<sim::Histories> histories_;  // of each group, since it grows with each failover
  Servers servers_;
};

}  // namespace vedette::farm
