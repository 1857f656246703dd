#include "net/connection.h"

#include <utility>

#include "net/faults.h"

namespace vedette::net {

Connection::Connection(node::ConnectionId id, Owner& owner, tcp::socket socket)
    : id_(id), owner_(owner), socket_(std::move(socket)) {}

void Connection::connect(const tcp::endpoint& remote, const std::optional<asio::ip::address>& source, Micros timeout) {
  if (const error_code error = open_socket(remote, source)) return fail_later(connect_fault(error));
  limit_time(timeout);
  socket_.async_connect(remote,
                        [self = shared_from_this()](const error_code& error) { self->handle_connected(error); });
}

error_code Connection::open_socket(const tcp::endpoint& remote, const std::optional<asio::ip::address>& source) {
  error_code error;
  socket_.open(remote.protocol(), error);
  if (!error) socket_.non_blocking(true, error);
  if (!error && source) socket_.bind(tcp::endpoint(*source, 0), error);
  return error;
}

void Connection::handle_connected(const error_code& error) {
  if (phase_ != Phase::kConnecting) return;
  if (error) return end(connect_fault(error));
  if (is_connected_to_itself()) return end(core::LinkFault::kRefused);
  deadline_.reset();
  phase_ = Phase::kOpen;
  if (!queued_.empty()) schedule_write();
  await_input();
  owner_.connected(*this);
}

// Where nobody listens on a local port, an attempt whose own port happens to be the same one meets itself: TCP calls
// that a simultaneous open.
bool Connection::is_connected_to_itself() const {
  error_code error;
  return socket_.local_endpoint(error) == socket_.remote_endpoint(error);
}

void Connection::start() {
  phase_ = Phase::kOpen;
  error_code error;
  socket_.non_blocking(true, error);
  if (error) return fail_later(connection_fault(error));
  await_input();
}

void Connection::fail_later(core::LinkFault fault) {
  asio::post(socket_.get_executor(), [self = shared_from_this(), fault] { self->end(fault); });
}

void Connection::limit_time(Micros limit) {
  deadline_.emplace(socket_.get_executor(), limit);
  deadline_->async_wait([self = shared_from_this(), phase = phase_](const error_code& error) {
    if (!error && self->phase_ == phase) self->end(core::LinkFault::kTimedOut);
  });
}

void Connection::await_input() {
  socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](const error_code&) { self->read(); });
}

void Connection::read() {
  if (phase_ == Phase::kEnded) return;
  error_code error;
  const std::span<char> buffer = owner_.read_buffer();
  const std::size_t size = socket_.read_some(asio::buffer(buffer.data(), buffer.size()), error);
  if (error == asio::error::eof && phase_ == Phase::kLingering && writing_) {
    input_over_ = true;  // it may still read: the rest of our words goes out first
    return;
  }
  if (error && error != asio::error::would_block) {
    return end(write_fault_ != core::LinkFault::kNone ? write_fault_ : connection_fault(error));
  }
  // What a closed connection still hears is thrown away, but read: a socket closed with unread input is reset, and
  // our last words could be lost with it.
  if (size > 0 && phase_ == Phase::kOpen) owner_.received(*this, {buffer.data(), size});
  if (phase_ != Phase::kEnded) await_input();
}

void Connection::send(std::string bytes) {
  if (phase_ > Phase::kOpen || write_fault_ != core::LinkFault::kNone) return;
  if (queued_.empty()) {
    queued_ = std::move(bytes);
  } else {
    queued_ += bytes;
  }
  if (phase_ == Phase::kOpen && !writing_) schedule_write();
}

void Connection::schedule_write() {
  writing_ = true;
  asio::post(socket_.get_executor(), [self = shared_from_this()] { self->write(); });
}

void Connection::write() {
  if (phase_ == Phase::kEnded) return;
  while (unsent_bytes() > 0) {
    if (sent_of_flight_ == in_flight_.size()) {
      in_flight_ = std::exchange(queued_, {});
      sent_of_flight_ = 0;
    }
    error_code error;
    sent_of_flight_ += socket_.write_some(asio::buffer(in_flight_) + sent_of_flight_, error);
    if (error == asio::error::would_block) {
      socket_.async_wait(tcp::socket::wait_write, [self = shared_from_this()](const error_code&) { self->write(); });
      return;
    }
    if (error) {
      // What the other side said before it went must still be heard: the reading side will find the end.
      write_fault_ = connection_fault(error);
      queued_.clear();
      sent_of_flight_ = in_flight_.size();
    }
  }
  writing_ = false;
  in_flight_ = {};
  sent_of_flight_ = 0;
  if (phase_ == Phase::kLingering) finish_sending();
}

void Connection::close(node::Close how) {
  if (how == node::Close::kNow || phase_ != Phase::kOpen) {
    release();
    return;
  }
  phase_ = Phase::kLingering;
  limit_time(owner_.linger_time());
  if (!writing_) finish_sending();
}

void Connection::finish_sending() {
  if (input_over_) return end(core::LinkFault::kReset);
  error_code error;
  socket_.shutdown(tcp::socket::shutdown_send, error);  // fails only where there is no other side any more
}

void Connection::end(core::LinkFault fault) {
  if (phase_ == Phase::kEnded) return;
  const bool lingered = phase_ == Phase::kLingering;
  const auto self = shared_from_this();  // the owner may drop its own share
  release();
  owner_.ended(*this, lingered ? core::LinkFault::kNone : fault);
}

void Connection::release() {
  phase_ = Phase::kEnded;
  deadline_.reset();
  queued_ = {};
  in_flight_ = {};
  sent_of_flight_ = 0;
  error_code error;
  socket_.close(error);
}

}  // namespace vedette::net
