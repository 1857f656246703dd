#include "net/event_loop.h"

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "net/asio.h"
#include "net/clock.h"
#include "net/listener.h"
#include "net/signals.h"
#include "net/tcp_network.h"

namespace vedette::net {
namespace {

NetworkSettings from_source(const std::string& source) {
  NetworkSettings settings;
  settings.source = asio::ip::make_address(source);
  return settings;
}

}  // namespace

struct EventLoop::Parts {
  Parts(const std::string& source, node::Logger& log, NetworkEvents& events)
      : logger(log), network(loop, from_source(source), log, events) {}

  asio::io_context loop{1};
  node::Logger& logger;
  TcpNetwork network;
  std::map<Address, std::unique_ptr<Listener>> listeners;
  asio::steady_timer alarm{loop};
};

EventLoop::EventLoop(const std::string& source, node::Logger& logger, NetworkEvents& events)
    : parts_(std::make_unique<Parts>(source, logger, events)) {
  ignore_harmless_signals();
}

EventLoop::~EventLoop() = default;

node::Network& EventLoop::network() { return parts_->network; }

Status EventLoop::listen(const Address& address) {
  auto listener = std::make_unique<Listener>(parts_->loop, parts_->logger, [this](StreamSocket socket) {
    parts_->network.adopt(std::move(socket), Security::kPlain);
  });
  if (Status opened = listener->open(std::vector{address.host}, address.port, PortSettings{}); !opened) return opened;
  listener->start();
  parts_->listeners[address] = std::move(listener);
  return Ok{};
}

void EventLoop::stop_listening(const Address& address) {
  const auto found = parts_->listeners.find(address);
  if (found == parts_->listeners.end()) return;
  found->second->close();
  // It must outlive its handlers, which wait in the loop to be told that it is closed.
  asio::post(parts_->loop, [closed = std::move(found->second)] {});
  parts_->listeners.erase(found);
}

void EventLoop::set_alarm(Instant due, std::function<void()> ring) {
  parts_->alarm.expires_at(to_steady(due));
  parts_->alarm.async_wait([ring = std::move(ring)](const error_code& error) {
    if (!error) ring();
  });
}

void EventLoop::run() { parts_->loop.run(); }

}  // namespace vedette::net
