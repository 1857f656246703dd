#include "node/link.h"

#include <algorithm>
#include <utility>

#include "base/beat.h"

namespace vedette::node {

void Link::open(const Address& address) {
  drop();
  address_ = address;
  failures_ = 0;
  retry_at_ = kAtOnce;
}

void Link::close() {
  drop();
  retry_at_.reset();
}

void Link::send(Instant now, std::string bytes) {
  if (!is_up()) return;
  if (network_.unsent_bytes(*connection_) + bytes.size() > kMaxUnsentLinkBytes) {
    fail(now, core::LinkFault::kSilent);
    return;
  }
  network_.send(*connection_, std::move(bytes));
}

void Link::connected(Instant now, const Address& local) {
  up_since_ = now;
  local_ = local;
  owner_.on_up(now);
}

void Link::received(Instant now, std::string_view bytes) {
  const ConnectionId connection = *connection_;
  decoder_.feed(bytes);
  while (connection_ == connection) {  // the owner may give the link up
    auto next = decoder_.next();
    if (!next) {
      fail(now, core::LinkFault::kProtocol);
      return;
    }
    if (!*next) return;
    owner_.on_value(now, **next);
  }
}

void Link::closed(Instant now, core::LinkFault fault) {
  connection_.reset();  // the network has closed it
  fail(now, fault);
}

void Link::fail(Instant now, core::LinkFault fault) {
  const bool lasted = up_since_ && now - *up_since_ >= kLastingLink;
  drop();
  if (lasted) failures_ = 0;
  retry_at_ = next_attempt(now);
  owner_.on_down(now, fault);
}

void Link::retry() {
  retry_at_.reset();
  target_ = names_.target(address_);
  const unsigned doublings = std::min(failures_, 8U);
  connection_ = network_.connect(target_, std::min(kMinConnectTimeout * (1U << doublings), kMaxConnectTimeout));
}

std::size_t Link::buffered_bytes() const {
  return decoder_.buffered_bytes() + (connection_ ? network_.unsent_bytes(*connection_) : 0);
}

void Link::drop() {
  if (connection_) network_.close(*connection_, Close::kNow);
  connection_.reset();
  up_since_.reset();
  decoder_ = resp::ReplyDecoder{};
}

Instant Link::next_attempt(Instant now) {
  if (failures_++ == 0) return now;
  const unsigned doublings = std::min(failures_ - 2, 8U);
  const Micros longest = std::min(kMinReconnectPause * (1U << doublings), kMaxReconnectPause);
  const Instant at = now + rng_.between(longest / 2, longest);
  return longest < kMaxReconnectPause ? at : last_beat(at, kReconnectBeat);
}

}  // namespace vedette::node
