// One connection, made by us or accepted, plain or through TLS, from its first moment to the closing of its socket.
//
//   kConnecting -> kShakingHands -> kOpen --close(kAfterSend)--> kLingering --sent and heard the end, or too late
//       |               |             |                              |                     |
//       +---------------+-------------+------------------------------+---------------------+----> kEnded
//                           close(kNow), error, end of the other side, too late
//
// An idle connection owns no buffers: it waits for readiness, and reads into a buffer that all connections share. Each
// readiness reads at most once, so that no busy connection keeps the others waiting. Everything given to `send` within
// one event of the loop leaves together: what answers the bytes just read at once, the rest in the next turn of the
// loop.
//
// The owner is never called from within a call that it makes.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "core/state.h"
#include "net/asio.h"
#include "net/readiness.h"
#include "net/stream.h"
#include "node/ports.h"

namespace vedette::net {

class Connection final : public std::enable_shared_from_this<Connection>, private Readiness::Waiter {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    // It stands, and hands are shaken.
    virtual void connected(Connection& connection) = 0;
    virtual void received(Connection& connection, std::string_view bytes) = 0;
    // It is over. `fault` is why; kNone when it lingered, since who closed it wants to hear no more of it. `cause` says
    // more where there is more to be said.
    virtual void ended(Connection& connection, core::LinkFault fault, const error_code& cause) = 0;
    // How long a connection that is closed after sending may take to send, and to hear the other side's end.
    virtual Micros linger_time() const = 0;
    // Where to read to; its content need not outlive one call of `received`.
    virtual std::span<char> read_buffer() = 0;
    // Lets it `write` in the next turn of the loop; who owns very many may do so for all of them at once.
    virtual void write_later(std::shared_ptr<Connection> connection);
  };

  // Takes a stream on an accepted socket, or on the socket for a connection to be made. The owner must outlive the
  // connection's end, or call `close` before it goes.
  Connection(node::ConnectionId id, Owner& owner, Readiness& readiness, std::unique_ptr<Stream> stream);
  ~Connection() override;

  // Both lead to `connected` or, after `timeout` at the latest, to `ended`: a connection to be made, and an accepted
  // one.
  void connect(const tcp::endpoint& remote, const std::optional<asio::ip::address>& source, Micros timeout);
  void start(Micros timeout);
  // Ends an attempt that cannot even be made, once the loop is back.
  void fail_later(core::LinkFault fault);

  void send(std::string bytes);
  // Gives the kernel what waits.
  void write();
  void close(node::Close how);

  node::ConnectionId id() const { return id_; }
  bool ended() const { return phase_ == Phase::kEnded; }
  std::size_t unsent_bytes() const { return queued_.size() + in_flight_.size() - sent_of_flight_; }
  StreamSocket& socket() { return stream_->socket(); }
  // Who was accepted has not said a word yet, read or not.
  bool is_silent();

  asio::io_context& loop() { return readiness_.loop(); }

 private:
  enum class Phase : std::uint8_t { kConnecting, kShakingHands, kOpen, kLingering, kEnded };

  // What happens once the socket is ready for something: reading and writing may each wait, also for the same.
  struct Wait {
    void (Connection::*then)() = nullptr;
    Direction direction{};
  };

  void await(Wait& wait, Direction direction, void (Connection::*then)());
  void ready(Directions directions) override;
  void follow_waits();
  error_code open_socket(const tcp::endpoint& remote, const std::optional<asio::ip::address>& source);
  void handle_connected();
  bool is_connected_to_itself();
  void shake_hands();
  bool is_opening() const { return phase_ < Phase::kOpen; }
  void limit_time(Micros limit);
  void take_last_turn();

  void read();
  void discard_input();
  void schedule_write();
  void finish_sending();

  void end(core::LinkFault fault, const error_code& cause = {});
  void release();

  const node::ConnectionId id_;
  Owner& owner_;
  Readiness& readiness_;
  std::unique_ptr<Stream> stream_;
  Wait reading_;  // or opening
  Wait writing_;
  Directions watched_ = Directions::kNone;
  bool having_its_turn_ = false;
  std::optional<asio::steady_timer> deadline_;  // of opening, or of lingering
  Phase phase_ = Phase::kConnecting;
  bool input_over_ = false;        // heard the end while lingering
  bool is_writing_ = false;        // a write is scheduled or waits for the kernel
  core::LinkFault write_fault_{};  // why nothing can be written any more; the reading side tells the end
  std::string queued_;             // waits for the flight to be over
  std::string in_flight_;          // being given to the kernel
  std::size_t sent_of_flight_ = 0;
};

}  // namespace vedette::net
