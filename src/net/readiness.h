// Tells very many connections when their sockets are ready. Asio makes a system call of every wait for readiness, and
// works off all that are ready before anything else. Here a socket is registered once and stays so while its connection
// waits for the same; and of those that are ready only some have their turn in one visit of the loop, so that who must
// not wait for the others is not kept waiting.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "net/asio.h"

namespace vedette::net {

enum class Direction : std::uint8_t { kInput = 1, kOutput = 2 };

// A set of directions.
enum class Directions : std::uint8_t { kNone = 0 };
constexpr Directions operator|(Directions set, Direction more) {
  return Directions{static_cast<std::uint8_t>(static_cast<unsigned>(set) | static_cast<unsigned>(more))};
}
constexpr bool contains(Directions set, Direction wanted) {
  return (static_cast<unsigned>(set) & static_cast<unsigned>(wanted)) != 0;
}

class Readiness {
 public:
  class Waiter {
   public:
    virtual ~Waiter() = default;
    // The socket is ready for these; for all, if it has failed.
    virtual void ready(Directions directions) = 0;
  };

  // At most `at_once` have their turn in one visit of the loop.
  Readiness(asio::io_context& loop, std::size_t at_once);
  ~Readiness();
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  asio::io_context& loop() { return loop_; }

  // Changes what the socket's waiter is told of; with kNone nothing more, from now on, which cannot fail. To be called
  // with kNone before either of them goes. It fails if the kernel has no room for more, and nothing is changed then.
  error_code watch(int socket, Waiter& waiter, Directions before, Directions now);

 private:
  static constexpr std::size_t kMaxAtOnce = 64;

  void await();
  void tell();
  void forget(const Waiter& waiter);

  asio::io_context& loop_;
  const std::size_t at_once_;
  asio::posix::stream_descriptor poll_;
  std::size_t watched_ = 0;  // while there are none, the loop is not kept running
  bool awaiting_ = false;
  std::array<epoll_event, kMaxAtOnce> batch_{};  // whose turn it is
  std::span<epoll_event> rest_;                  // of it
  std::shared_ptr<Readiness*> self_;             // for handlers that may outlive us: null then
};

}  // namespace vedette::net
