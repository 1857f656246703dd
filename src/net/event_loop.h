// Sockets and an alarm for a program that is no sentinel: connections both ways, and as many doors to listen at as it
// wants, on one loop. No type of Asio is in here.
//
// What happens on connections is told to `NetworkEvents`, never from within a call; `local` of `on_accepted` is the
// address that was listened at.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "net/network_events.h"
#include "node/ports.h"

namespace vedette::net {

class EventLoop {
 public:
  // Connections that we make come from `source`, an IP literal.
  EventLoop(const std::string& source, node::Logger& logger, NetworkEvents& events);
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  node::Network& network();

  // Accepts connections at this address from now on, and no more.
  Status listen(const Address& address);
  void stop_listening(const Address& address);

  // Instead of the one before. It rings once.
  void set_alarm(Instant due, std::function<void()> ring);

  // Until a signal ends the process.
  void run();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace vedette::net
