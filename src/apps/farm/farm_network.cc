#include "apps/farm/farm_network.h"

#include <cstdlib>
#include <utility>

#include "net/clock.h"

namespace vedette::farm {

FarmNetwork::FarmNetwork(const std::string& host, sim::EventQueue& queue, node::Logger& logger)
    : queue_(queue), logger_(logger), loop_(host, logger, *this) {
  catch_up();
}

void FarmNetwork::run() {
  follow_queue();
  loop_.run();
}

void FarmNetwork::listen(sim::Process& process, const Address& address) {
  if (const Status listening = loop_.listen(address); !listening) {
    logger_.log(core::Level::kWarning, listening.error().message);
    std::exit(1);
  }
  listeners_[address] = &process;
  holdings_[&process].listening = address;
}

node::ConnectionId FarmNetwork::connect(sim::Process& process, const Address& to, Micros timeout) {
  const node::ConnectionId connection = loop_.network().connect(to, timeout);
  own(process, connection);
  return connection;
}

void FarmNetwork::send(node::ConnectionId connection, std::string bytes) {
  loop_.network().send(connection, std::move(bytes));
}

// What was said before must still arrive: a server closes after its reply.
void FarmNetwork::close(node::ConnectionId connection) {
  loop_.network().close(connection, node::Close::kAfterSend);
  forget(connection);
}

void FarmNetwork::release(const sim::Process& process) {
  const Holding held = std::exchange(holdings_[&process], {});
  if (held.listening) {
    loop_.stop_listening(*held.listening);
    listeners_.erase(*held.listening);
  }
  for (const node::ConnectionId connection : held.connections) {
    loop_.network().close(connection, node::Close::kNow);
    owners_.erase(connection);
  }
}

void FarmNetwork::on_accepted(node::ConnectionId connection, const Address& remote, const Address& local) {
  catch_up();
  const auto listener = listeners_.find(local);
  if (listener == listeners_.end()) {  // it ended between this connection and now
    loop_.network().close(connection, node::Close::kNow);
    return;
  }
  own(*listener->second, connection);
  listener->second->on_accepted(connection, remote, local);
  follow_queue();
}

void FarmNetwork::on_connected(node::ConnectionId connection, const Address& local) {
  catch_up();
  const auto owner = owners_.find(connection);
  if (owner != owners_.end()) owner->second->on_connected(connection, local);
  follow_queue();
}

void FarmNetwork::on_received(node::ConnectionId connection, std::string_view bytes) {
  catch_up();
  const auto owner = owners_.find(connection);
  if (owner != owners_.end()) owner->second->on_received(connection, bytes);
  follow_queue();
}

void FarmNetwork::on_closed(node::ConnectionId connection, core::LinkFault fault) {
  catch_up();
  const auto owner = owners_.find(connection);
  if (owner != owners_.end()) {
    sim::Process& process = *owner->second;
    forget(connection);
    process.on_closed(connection, fault);
  }
  follow_queue();
}

void FarmNetwork::own(sim::Process& process, node::ConnectionId connection) {
  owners_[connection] = &process;
  holdings_[&process].connections.insert(connection);
}

void FarmNetwork::forget(node::ConnectionId connection) {
  const auto owner = owners_.find(connection);
  if (owner == owners_.end()) return;
  holdings_[owner->second].connections.erase(connection);
  owners_.erase(owner);
}

void FarmNetwork::catch_up() {
  const Instant now = net::monotonic_now();
  while (queue_.run_next(now)) {
  }
}

// When what is next moves away, the alarm that is set rings for nothing, which costs less than setting it anew.
void FarmNetwork::follow_queue() {
  const auto due = queue_.next_due();
  if (!due || (alarm_at_ && *alarm_at_ <= *due)) return;
  alarm_at_ = due;
  loop_.set_alarm(*due, [this] {
    alarm_at_.reset();
    catch_up();
    follow_queue();
  });
}

}  // namespace vedette::farm
