// The simulated network: reliable, ordered connections between hosts, with all that can happen to them.
//
// A connection is two ends, each with an id of its own, as each side of a real one has its own descriptor. What TCP
// hides stays hidden (a lost packet is a delay), what it shows is shown: refused and unanswered attempts, resets, the
// silence of a cut cable, and half-open connections to a host that lost its power. Connections are independent of each
// other, so that what is sent on two of them may arrive in any order.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "sim/event_queue.h"
#include "sim/name_server.h"
#include "sim/sockets.h"

namespace vedette::sim {

// How the network is while nothing in particular is wrong with it.
struct Weather {
  Micros shortest_delay{50};  // one way
  Micros longest_delay{400};
  double stall_probability = 0;  // that a segment is lost and sent again
  Micros longest_stall{400'000};
  double reset_probability = 0;  // that a segment meets a reset instead
};

class Network final : public Sockets {
 public:
  static constexpr std::size_t kSocketBufferBytes = 256U << 10;  // what the kernels take before a sender notices

  Network(EventQueue& queue, NameServer& name_server, SplitMix64 rng)
      : queue_(queue), name_server_(name_server), rng_(rng) {}

  // Is asked about all that is sent, before it is: false, and its connection is reset instead.
  using Watch = std::function<bool(const Process& from, const std::string& to_host, std::string_view bytes)>;
  void set_watch(Watch watch) { watch_ = std::move(watch); }

  void set_weather(const Weather& weather) { weather_ = weather; }

  // --- For processes ---
  void listen(Process& process, const Address& address) override;
  ConnectionId connect(Process& process, const Address& to, Micros timeout) override;
  ConnectionId connect_by_name(Process& process, const Address& to, Micros timeout) override;
  void send(ConnectionId connection, std::string bytes) override;
  std::size_t unsent_bytes(ConnectionId connection) const;
  void close(ConnectionId connection) override;
  void release(const Process& process) override;
  void lose(const Process& process) override;
  void raise(const std::string& host) override { lost_.erase(host); }

  // --- Faults ---
  // Nothing gets from one host to the other any more; what is on its way waits. The other direction is not concerned.
  void cut(const std::string& from, const std::string& to) { cut_[from].insert(to); }
  void mend(const std::string& from, const std::string& to);
  void mend_all();
  bool is_cut(const std::string& from, const std::string& to) const {
    const auto found = cut_.find(from);
    return found != cut_.end() && found->second.contains(to);
  }

  // Both sides of every connection between the two hosts see a reset.
  void reset_between(const std::string& one, const std::string& other);

 private:
  struct End {
    Process* process = nullptr;
    ConnectionId other{};
    std::string other_host;
    Instant last_arrival{};            // at this end: what is sent later arrives later
    std::size_t bytes_on_the_way = 0;  // sent by this end
    bool established = false;
  };
  using Arrival = std::function<void(End& reached)>;
  struct Held {
    ConnectionId to;
    Arrival arrival;
  };

  ConnectionId new_id() { return ConnectionId{++last_id_}; }
  End* find(ConnectionId id);
  Micros delay();
  bool passes(const std::string& from, const std::string& to) const { return !is_cut(from, to) && !lost_.count(to); }
  ConnectionId begin_attempt(Process& process, const Address& to, Micros timeout);
  void approach(ConnectionId caller, const Address& to);
  void knock(ConnectionId caller, const Address& to, Address local);
  void fail(ConnectionId id, core::LinkFault fault);  // in order
  void drop(ConnectionId id, core::LinkFault fault);  // now
  // Those ends for which it is so, in the order in which they were made.
  template <typename Predicate>
  std::vector<ConnectionId> ends_which(Predicate is_so) const;
  // Lets `arrival` happen at the end `to`, in order, unless that end is closed before.
  template <typename What>
  void transmit(const std::string& from_host, ConnectionId to, What arrival);
  template <typename What>
  void schedule(ConnectionId to, Micros delay, What arrival);
  void send_segment(ConnectionId connection, std::string bytes);
  void break_off(ConnectionId connection);

  EventQueue& queue_;
  NameServer& name_server_;
  SplitMix64 rng_;
  Weather weather_;
  Watch watch_;
  std::map<Address, Process*> listeners_;
  std::unordered_map<ConnectionId, End> ends_;
  std::map<std::string, std::set<std::string>> cut_;  // by where it comes from, where nothing gets to
  std::set<std::string> lost_;
  std::map<std::pair<std::string, std::string>, std::vector<Held>> held_;  // by both
  std::uint64_t last_id_ = 0;
  std::uint16_t last_port_ = 32767;
};

}  // namespace vedette::sim
