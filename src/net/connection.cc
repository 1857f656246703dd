#include "net/connection.h"

#include <utility>

#include "base/memory.h"
#include "net/faults.h"

namespace vedette::net {

void Connection::Owner::write_later(std::shared_ptr<Connection> connection) {
  asio::post(connection->loop(), [connection] { connection->write(); });
}

Connection::Connection(node::ConnectionId id, Owner& owner, Readiness& readiness, std::unique_ptr<Stream> stream)
    : id_(id), owner_(owner), readiness_(readiness), stream_(std::move(stream)) {}

Connection::~Connection() {
  if (phase_ != Phase::kEnded) release();
}

void Connection::await(Wait& wait, Direction direction, void (Connection::*then)()) {
  wait = {then, direction};
  if (!having_its_turn_) follow_waits();
}

void Connection::ready(Directions directions) {
  const auto self = shared_from_this();  // the owner may drop its own share
  having_its_turn_ = true;
  for (Wait* wait : {&reading_, &writing_}) {
    if (wait->then == nullptr || !contains(directions, wait->direction)) continue;
    ((*this).*std::exchange(wait->then, nullptr))();
  }
  having_its_turn_ = false;
  follow_waits();
}

// Most of the time both are what they were before.
void Connection::follow_waits() {
  if (phase_ == Phase::kEnded) return;
  Directions wanted = Directions::kNone;
  for (const Wait& wait : {reading_, writing_}) {
    if (wait.then != nullptr) wanted = wanted | wait.direction;
  }
  if (readiness_.watch(socket().descriptor(), *this, watched_, wanted))
    return fail_later(core::LinkFault::kUnreachable);
  watched_ = wanted;
}

void Connection::connect(const tcp::endpoint& remote, const std::optional<asio::ip::address>& source, Micros timeout) {
  if (const error_code error = open_socket(remote, source)) return fail_later(connect_fault(error));
  const error_code error = socket().connect(remote);
  if (error && error != asio::error::in_progress) return fail_later(connect_fault(error));
  limit_time(timeout);
  await(reading_, Direction::kOutput, &Connection::handle_connected);
}

error_code Connection::open_socket(const tcp::endpoint& remote, const std::optional<asio::ip::address>& source) {
  error_code error = socket().open(remote.protocol().family());
  if (!error && source) error = socket().bind(tcp::endpoint(*source, 0));
  return error;
}

void Connection::handle_connected() {
  if (phase_ != Phase::kConnecting) return;
  if (const error_code error = socket().take_error()) return end(connect_fault(error));
  if (is_connected_to_itself()) return end(core::LinkFault::kRefused);
  phase_ = Phase::kShakingHands;
  shake_hands();
}

// Where nobody listens on a local port, an attempt whose own port happens to be the same one meets itself: TCP calls
// that a simultaneous open.
bool Connection::is_connected_to_itself() {
  error_code error;
  return socket().local_endpoint(error) == socket().remote_endpoint(error);
}

void Connection::start(Micros timeout) {
  phase_ = Phase::kShakingHands;
  limit_time(timeout);
  asio::post(loop(), [self = shared_from_this()] { self->shake_hands(); });
}

void Connection::shake_hands() {
  if (phase_ != Phase::kShakingHands) return;
  const Step step = stream_->shake_hands();
  if (step.blocked()) return await(reading_, step.needs, &Connection::shake_hands);
  if (step.error) return end(connection_fault(step.error), step.error);
  deadline_.reset();
  phase_ = Phase::kOpen;
  if (!queued_.empty()) schedule_write();
  await(reading_, Direction::kInput, &Connection::read);
  owner_.connected(*this);
}

bool Connection::is_silent() { return !stream_->has_begun() && !has_input_now(socket().descriptor()); }

void Connection::fail_later(core::LinkFault fault) {
  asio::post(loop(), [self = shared_from_this(), fault] { self->end(fault); });
}

void Connection::limit_time(Micros limit) {
  deadline_.emplace(loop(), limit);
  deadline_->async_wait([self = shared_from_this(), opening = is_opening()](const error_code& error) {
    if (error || self->is_opening() != opening) return;
    if (opening) self->take_last_turn();
    if (self->is_opening() == opening) self->end(core::LinkFault::kTimedOut);
  });
}

// What has happened in time may not have been told yet, where thousands of others have their turn before. To give it up
// and begin anew would make more work still.
void Connection::take_last_turn() {
  const Directions now = ready_now(socket().descriptor(), watched_);
  if (now != Directions::kNone) ready(now);
}

void Connection::read() {
  if (phase_ == Phase::kLingering) return discard_input();
  if (phase_ == Phase::kEnded) return;
  const std::span<char> buffer = owner_.read_buffer();
  const Step step = stream_->read_some(buffer);
  if (step.error && !step.blocked()) {
    return end(write_fault_ != core::LinkFault::kNone ? write_fault_ : connection_fault(step.error), step.error);
  }
  if (step.size > 0) {
    const bool was_writing = std::exchange(is_writing_, true);  // answers need not wait for a turn of their own
    owner_.received(*this, {buffer.data(), step.size});
    if (!was_writing) write();
  }
  if (phase_ != Phase::kEnded) await(reading_, step.needs, &Connection::read);
}

// What a closed connection still hears is thrown away, but read: a socket closed with unread input is reset, and our
// last words could be lost with it.
void Connection::discard_input() {
  error_code error;
  const std::span<char> buffer = owner_.read_buffer();
  socket().read_some(buffer, error);
  if (error == asio::error::eof && is_writing_) {
    input_over_ = true;  // it may still read: the rest of our words goes out first
    return;
  }
  if (error && error != asio::error::would_block) return end(connection_fault(error));
  await(reading_, Direction::kInput, &Connection::read);
}

void Connection::send(std::string bytes) {
  if (phase_ > Phase::kOpen || write_fault_ != core::LinkFault::kNone) return;
  if (queued_.empty()) {
    queued_ = std::move(bytes);
  } else {
    queued_ += bytes;
  }
  if (phase_ == Phase::kOpen && !is_writing_) schedule_write();
}

void Connection::schedule_write() {
  is_writing_ = true;
  owner_.write_later(shared_from_this());
}

void Connection::write() {
  if (phase_ == Phase::kEnded) return;
  while (unsent_bytes() > 0) {
    if (sent_of_flight_ == in_flight_.size()) {
      give_back(in_flight_);
      in_flight_.swap(queued_);
      sent_of_flight_ = 0;
    }
    const Step step = stream_->write_some(std::string_view(in_flight_).substr(sent_of_flight_));
    sent_of_flight_ += step.size;
    if (step.blocked()) return await(writing_, step.needs, &Connection::write);
    if (step.error) {
      // What the other side said before it went must still be heard: the reading side will find the end.
      write_fault_ = connection_fault(step.error);
      give_back(queued_);
      sent_of_flight_ = in_flight_.size();
    }
  }
  is_writing_ = false;
  give_back(in_flight_);
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
  if (!is_writing_) finish_sending();
}

void Connection::finish_sending() {
  if (phase_ == Phase::kEnded) return;
  if (input_over_) return end(core::LinkFault::kReset);
  const Step step = stream_->end_output();  // fails only where there is no other side any more
  if (step.blocked()) await(writing_, step.needs, &Connection::finish_sending);
}

void Connection::end(core::LinkFault fault, const error_code& cause) {
  if (phase_ == Phase::kEnded) return;
  const bool lingered = phase_ == Phase::kLingering;
  const auto self = shared_from_this();  // the owner may drop its own share
  release();
  owner_.ended(*this, lingered ? core::LinkFault::kNone : fault, cause);
}

void Connection::release() {
  phase_ = Phase::kEnded;
  reading_ = writing_ = {};
  readiness_.watch(socket().descriptor(), *this, watched_, Directions::kNone);
  watched_ = Directions::kNone;
  deadline_.reset();
  give_back(queued_);
  give_back(in_flight_);
  sent_of_flight_ = 0;
  stream_->close();
}

}  // namespace vedette::net
