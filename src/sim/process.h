// A process of the simulated world, as the network sees it: something that is told of its connections.
//
// It runs, stands still (as after SIGSTOP: the kernel goes on accepting connections and taking bytes for it), or is
// dead. What is meant for one that stands still is kept and delivered in its order when it goes on; what is meant for a
// life that has ended is dropped.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "core/state.h"
#include "node/ports.h"
#include "sim/event_queue.h"

namespace vedette::sim {

using node::Close;
using node::ConnectionId;

class Process {
 public:
  Process(EventQueue& queue, std::string name, std::string host)
      : queue_(queue), name_(std::move(name)), host_(std::move(host)) {}
  virtual ~Process() = default;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // --- What the network tells it ---
  virtual void on_accepted(ConnectionId connection, const Address& remote, const Address& local) = 0;
  virtual void on_connected(ConnectionId connection, const Address& local) = 0;
  virtual void on_received(ConnectionId connection, std::string_view bytes) = 0;
  virtual void on_closed(ConnectionId connection, core::LinkFault fault) = 0;

  const std::string& name() const { return name_; }
  const std::string& host() const { return host_; }
  bool alive() const { return alive_; }
  bool paused() const { return paused_; }
  bool running() const { return alive_ && !paused_; }
  Instant now() const { return queue_.now(); }

  // To another machine, between two lives.
  void move_to(std::string host) {
    VEDETTE_CHECK(!alive_, "nobody moves while it runs");
    host_ = std::move(host);
  }

  void pause() { paused_ = alive_; }
  void resume();

  // Lets `event` happen to this life of the process: now, when it goes on, or never.
  template <typename Function>
  void deliver(Function event) {
    if (running()) {
      event();
    } else if (alive_) {
      waiting_.emplace_back(std::move(event));
    }
  }
  template <typename Function>
  void after(Micros delay, Function event) {
    queue_.after(delay, [this, life = life_, event = std::move(event)]() mutable {
      if (life == life_) deliver(std::move(event));
    });
  }

 protected:
  // A new life begins, or one ends.
  void set_alive(bool alive);

 private:
  EventQueue& queue_;
  const std::string name_;
  std::string host_;
  bool alive_ = false;
  bool paused_ = false;
  std::uint64_t life_ = 0;
  std::deque<Event> waiting_;
};

}  // namespace vedette::sim
