#include "sim/network.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/host.h"
#include "sim/random_streams.h"

namespace vedette::sim {
namespace {

constexpr std::uint16_t kFirstEphemeralPort = 32768;
constexpr std::uint64_t kOneSegmentInSplit = 32;  // how often bytes arrive in two pieces

}  // namespace

template <typename What>
void Network::transmit(const std::string& from_host, ConnectionId to, What arrival) {
  const End* end = find(to);
  if (end == nullptr) return;
  const std::string& to_host = end->process->host();
  if (is_cut(from_host, to_host)) {
    held_[{from_host, to_host}].push_back({to, std::move(arrival)});
  } else {
    schedule(to, delay(), std::move(arrival));
  }
}

template <typename What>
void Network::schedule(ConnectionId to, Micros delay, What arrival) {
  End* end = find(to);
  if (end == nullptr) return;
  end->last_arrival = std::max(queue_.now() + delay, end->last_arrival);
  queue_.at(end->last_arrival, [this, to, arrival = std::move(arrival)]() mutable {
    End* reached = find(to);
    if (reached == nullptr) return;
    if (reached->process->running()) return arrival(*reached);
    reached->process->deliver([this, to, arrival = std::move(arrival)]() mutable {
      if (End* later = find(to)) arrival(*later);
    });
  });
}

template <typename Predicate>
std::vector<ConnectionId> Network::ends_which(Predicate is_so) const {
  std::vector<ConnectionId> found;
  for (const auto& [id, end] : ends_) {
    if (is_so(end)) found.push_back(id);
  }
  std::sort(found.begin(), found.end());
  return found;
}

void Network::listen(Process& process, const Address& address) {
  const bool is_free = listeners_.emplace(address, &process).second;
  VEDETTE_CHECK(is_free, "one process listens at an address");
}

ConnectionId Network::connect(Process& process, const Address& to, Micros timeout) {
  const ConnectionId id = begin_attempt(process, to, timeout);
  approach(id, to);
  return id;
}

ConnectionId Network::connect_by_name(Process& process, const Address& to, Micros timeout) {
  if (is_ip_literal(to.host)) return connect(process, to, timeout);
  const ConnectionId id = begin_attempt(process, to, timeout);
  name_server_.look_up(process, to.host, [this, id, to](const Result<std::vector<std::string>>& ips) {
    End* end = find(id);
    if (end == nullptr) return;
    if (!ips || ips->empty()) return fail(id, core::LinkFault::kUnresolved);
    end->other_host = ips->front();
    approach(id, {ips->front(), to.port});
  });
  return id;
}

ConnectionId Network::begin_attempt(Process& process, const Address& to, Micros timeout) {
  const ConnectionId id = new_id();
  ends_[id] = {&process, ConnectionId{}, to.host, queue_.now(), 0, false};
  queue_.after(timeout, [this, id] {
    const End* end = find(id);
    if (end != nullptr && !end->established) fail(id, core::LinkFault::kTimedOut);
  });
  return id;
}

void Network::approach(ConnectionId caller, const Address& to) {
  last_port_ = std::max<std::uint16_t>(kFirstEphemeralPort, static_cast<std::uint16_t>(last_port_ + 1));
  const Address local{find(caller)->process->host(), last_port_};
  queue_.after(delay(), [this, caller, to, local] { knock(caller, to, local); });
}

// The attempt reaches the other host, or nothing does.
void Network::knock(ConnectionId caller, const Address& to, Address local) {
  End* end = find(caller);
  if (end == nullptr || !passes(local.host, to.host) || !passes(to.host, local.host)) return;
  const auto listener = listeners_.find(to);
  if (listener == listeners_.end()) {
    const auto fault = is_ip_literal(to.host) ? core::LinkFault::kRefused : core::LinkFault::kUnresolved;
    queue_.after(delay(), [this, caller, fault] { fail(caller, fault); });
    return;
  }
  Process& server = *listener->second;
  const ConnectionId accepted = new_id();
  end->other = accepted;
  ends_[accepted] = {&server, caller, local.host, queue_.now(), 0, true};
  schedule(accepted, Micros{0},
           [accepted, local, to](End& reached) { reached.process->on_accepted(accepted, local, to); });
  transmit(to.host, caller, [caller, local](End& connected) {
    connected.established = true;
    connected.process->on_connected(caller, local);
  });
}

void Network::fail(ConnectionId id, core::LinkFault fault) {
  schedule(id, Micros{0}, [this, id, fault](End&) { drop(id, fault); });
}

// A reset that arrives does this at once: what was sent after it must not arrive.
void Network::drop(ConnectionId id, core::LinkFault fault) {
  Process* process = find(id)->process;
  ends_.erase(id);
  process->on_closed(id, fault);
}

void Network::send(ConnectionId connection, std::string bytes) {
  if (watch_) {
    const End* end = find(connection);
    if (end != nullptr && !watch_(*end->process, end->other_host, bytes)) return break_off(connection);
  }
  if (bytes.size() > 1 && rng_.below(kOneSegmentInSplit) == 0) {
    const auto cut = static_cast<std::size_t>(1 + rng_.below(bytes.size() - 1));
    send_segment(connection, bytes.substr(0, cut));
    bytes.erase(0, cut);
  }
  send_segment(connection, std::move(bytes));
}

void Network::send_segment(ConnectionId connection, std::string bytes) {
  End* end = find(connection);
  if (end == nullptr) return;
  End* other = find(end->other);
  if (other == nullptr) {  // it is closed there: the answer is a reset, if anybody answers
    const std::string host = end->process->host();
    if (passes(host, end->other_host)) {
      transmit(end->other_host, connection, [this, connection](End&) { drop(connection, core::LinkFault::kReset); });
    }
    return;
  }
  if (weather_.reset_probability > 0 && happens(rng_, weather_.reset_probability)) {
    return break_off(connection);
  }
  end->bytes_on_the_way += bytes.size();
  transmit(end->process->host(), end->other,
           [this, connection, to = end->other, bytes = std::move(bytes)](End& reached) {
             if (End* sender = find(connection)) sender->bytes_on_the_way -= bytes.size();
             reached.process->on_received(to, bytes);
           });
}

// Both sides see a reset.
void Network::break_off(ConnectionId connection) {
  const End* end = find(connection);
  const ConnectionId there = end->other;
  transmit(end->process->host(), there, [this, there](End&) { drop(there, core::LinkFault::kReset); });
  transmit(end->other_host, connection, [this, connection](End&) { drop(connection, core::LinkFault::kReset); });
}

std::size_t Network::unsent_bytes(ConnectionId connection) const {
  const auto found = ends_.find(connection);
  if (found == ends_.end()) return 0;
  const std::size_t bytes = found->second.bytes_on_the_way;
  return bytes > kSocketBufferBytes ? bytes - kSocketBufferBytes : 0;
}

void Network::close(ConnectionId connection) {
  const auto found = ends_.find(connection);
  if (found == ends_.end()) return;
  const End end = found->second;
  ends_.erase(found);
  if (find(end.other) != nullptr) {
    transmit(end.process->host(), end.other, [this, other = end.other](End&) { drop(other, core::LinkFault::kReset); });
  }
}

void Network::release(const Process& process) {
  std::erase_if(listeners_, [&](const auto& entry) { return entry.second == &process; });
  for (const ConnectionId id : ends_which([&](const End& end) { return end.process == &process; })) close(id);
}

void Network::lose(const Process& process) {
  std::erase_if(listeners_, [&](const auto& entry) { return entry.second == &process; });
  std::erase_if(ends_, [&](const auto& entry) { return entry.second.process == &process; });
  lost_.insert(process.host());
}

void Network::mend(const std::string& from, const std::string& to) {
  cut_[from].erase(to);
  const auto found = held_.find({from, to});
  if (found == held_.end()) return;
  std::vector<Held> waiting = std::move(found->second);
  held_.erase(found);
  for (Held& held : waiting) transmit(from, held.to, std::move(held.arrival));
}

void Network::mend_all() {
  const auto cut = cut_;
  for (const auto& [from, destinations] : cut) {
    for (const std::string& to : destinations) mend(from, to);
  }
}

void Network::reset_between(const std::string& one, const std::string& other) {
  const auto is_between = [&](const End& end) {
    const std::string& host = end.process->host();
    return (host == one && end.other_host == other) || (host == other && end.other_host == one);
  };
  for (const ConnectionId id : ends_which(is_between)) fail(id, core::LinkFault::kReset);
}

Network::End* Network::find(ConnectionId id) {
  const auto found = ends_.find(id);
  return found == ends_.end() ? nullptr : &found->second;
}

Micros Network::delay() {
  Micros total = rng_.between(weather_.shortest_delay, weather_.longest_delay);
  if (weather_.stall_probability > 0 && happens(rng_, weather_.stall_probability)) {
    total += rng_.between(weather_.longest_stall / 4, weather_.longest_stall);
  }
  return total;
}

}  // namespace vedette::sim
