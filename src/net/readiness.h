// Tells connections when their sockets are ready.
#pragma once

#include <cstdint>

#include "net/asio.h"

namespace vedette::net {

enum class Direction : std::uint8_t { kInput = 1, kOutput = 2 };

// A set of directions.
enum class Directions : std::uint8_t { kNone = 0 };
constexpr Directions operator|(Directions set, Direction more) {
  return Directions{static_cast<std::uint8_t>(static_cast<unsigned>(set) | static_cast<unsigned>(more))};
}
constexpr Directions operator-(Directions set, Direction less) {
  return Directions{static_cast<std::uint8_t>(static_cast<unsigned>(set) & ~static_cast<unsigned>(less))};
}
constexpr bool contains(Directions set, Direction wanted) {
  return (static_cast<unsigned>(set) & static_cast<unsigned>(wanted)) != 0;
}

// Which of these the socket is ready for now, whoever else is to be told before it.
Directions ready_now(int socket, Directions wanted);
inline bool has_input_now(int socket) {
  return ready_now(socket, Directions::kNone | Direction::kInput) != Directions::kNone;
}

class Readiness {
 public:
  class Waiter {
   public:
    virtual ~Waiter() = default;
    // The socket is ready for these; for all, if it has failed.
    virtual void ready(Directions directions) = 0;
  };

  explicit Readiness(asio::io_context& loop) : loop_(loop) {}
  virtual ~Readiness() = default;
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  asio::io_context& loop() { return loop_; }

  // Changes what the socket's waiter is told of; with kNone nothing more, from now on, which cannot fail. To be called
  // with kNone before either of them goes. It fails if the kernel has no room for more, and nothing is changed then.
  virtual error_code watch(int socket, Waiter& waiter, Directions before, Directions now) = 0;

 private:
  asio::io_context& loop_;
};

}  // namespace vedette::net
