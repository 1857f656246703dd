// The network of simulated servers on sockets of the operating system, and their queue of events on its clock: what is
// due by now happens before anything that comes from outside.
//
// All servers are on one host, each at a port of its own. The end of one looks to others as that of a process that was
// killed: no last words, and connections to it are refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "net/event_loop.h"
#include "sim/event_queue.h"
#include "sim/sockets.h"

namespace vedette::farm {

class FarmNetwork final : public sim::Sockets, private net::NetworkEvents {
 public:
  FarmNetwork(const std::string& host, sim::EventQueue& queue, node::Logger& logger);

  // Until a signal ends the process.
  void run();

  // Ends the process if it cannot be: a farm that lacks a server would measure something else.
  void listen(sim::Process& process, const Address& address) override;
  node::ConnectionId connect(sim::Process& process, const Address& to, Micros timeout) override;
  void send(node::ConnectionId connection, std::string bytes) override;
  void close(node::ConnectionId connection) override;
  void release(const sim::Process& process) override;
  void lose(const sim::Process& process) override { release(process); }  // a host of ours cannot fall silent
  void raise(const std::string&) override {}

 private:
  // What a process has open.
  struct Holding {
    std::optional<Address> listening;
    std::unordered_set<node::ConnectionId> connections;
  };

  void on_accepted(node::ConnectionId connection, const Address& remote, const Address& local) override;
  void on_connected(node::ConnectionId connection, const Address& local) override;
  void on_received(node::ConnectionId connection, std::string_view bytes) override;
  void on_closed(node::ConnectionId connection, core::LinkFault fault) override;

  void own(sim::Process& process, node::ConnectionId connection);
  void forget(node::ConnectionId connection);
  void catch_up();
  void follow_queue();

  sim::EventQueue& queue_;
  node::Logger& logger_;
  net::EventLoop loop_;
  std::unordered_map<Address, sim::Process*> listeners_;
  std::unordered_map<node::ConnectionId, sim::Process*> owners_;
  std::unordered_map<const sim::Process*, Holding> holdings_;
  std::optional<Instant> alarm_at_;  // never later than the next event
};

}  // namespace vedette::farm
