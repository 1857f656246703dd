// One sentinel of a simulated fleet, of whatever make: a process with a disk, of which can be seen from outside what a
// client could ask it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/disk.h"
#include "sim/network.h"
#include "sim/process.h"

namespace vedette::sim {

class Sentinel : public Process {
 public:
  static constexpr std::uint16_t kPort = 26379;

  // What it thinks of one primary.
  struct View {
    Address primary;  // as clients are told
    bool down = false;
    bool in_failover = false;
    std::size_t sentinels = 0;  // besides itself
    std::size_t replicas = 0;
  };

  Sentinel(EventQueue& queue, Network& network, std::string name, std::string host, Disk disk)
      : Process(queue, std::move(name), std::move(host)), network_(network), disk_(std::move(disk)) {}

  Address address() const { return {host(), kPort}; }
  Disk& disk() { return disk_; }
  const Disk& disk() const { return disk_; }

  // The wall clock of its machine is set, forwards or back. What has passed is measured by another, which is never set.
  void set_clock_by(Micros step) { clock_offset_ += step; }
  Micros clock_offset() const { return clock_offset_; }

  void start();
  void crash();      // the process is killed: its kernel closes what it had open
  void lose_host();  // the machine loses its power

  // nullopt: it does not watch it. It is an error to ask one that is dead.
  virtual std::optional<View> view(const std::string& primary) const = 0;
  // The primary and its replicas, as far as it knows of them. The same.
  virtual std::vector<Address> known_servers(const std::string& primary) const = 0;

 protected:
  virtual void begin_life() = 0;  // from what is on its disk
  virtual void forget_life() = 0;

  Network& network() const { return network_; }

 private:
  void end_life();

  Network& network_;
  Disk disk_;
  Micros clock_offset_{0};
};

}  // namespace vedette::sim
