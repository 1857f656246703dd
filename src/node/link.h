// One outgoing connection that is kept up: made anew at once when it breaks, then with growing pauses. Bytes become
// RESP values here; what they mean is the owner's business.
#pragma once

#include <optional>
#include <string>

#include "base/rng.h"
#include "core/state.h"
#include "node/name_book.h"
#include "node/ports.h"
#include "resp/reply_decoder.h"

namespace vedette::node {

// Of an attempt to connect, doubling from the least to the greatest. A packet that is lost in the making of a
// connection is sent again after a second only, so a new attempt is what gets through a short disturbance soonest.
inline constexpr Micros kMinConnectTimeout = 300ms;
inline constexpr Micros kMaxConnectTimeout = 1500ms;

// Pauses between attempts: none after a link that has lasted, then doubling from the least to the greatest, with
// jitter.
inline constexpr Micros kMinReconnectPause = 50ms;
inline constexpr Micros kMaxReconnectPause = 1000ms;
// Once pauses are at their longest, attempts are due on beats, a little early: thousands of servers may be down.
inline constexpr Micros kReconnectBeat = 20ms;
inline constexpr Micros kLastingLink = 1000ms;

// Bytes that an instance does not read. It is dead or a fault; the link is made anew.
inline constexpr std::size_t kMaxUnsentLinkBytes = 4U << 20;

class Link {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void on_up(Instant now) = 0;
    // Not up any more, or an attempt has failed. A next attempt is scheduled already.
    virtual void on_down(Instant now, core::LinkFault fault) = 0;
    virtual void on_value(Instant now, const resp::Value& value) = 0;
  };

  Link(Network& network, const NameBook& names, Rng& rng, Owner& owner, Address address)
      : network_(network), names_(names), rng_(rng), owner_(owner), address_(std::move(address)) {}

  // Lets an attempt be due at once, dropping what there is, without telling the owner.
  void open(const Address& address);
  void close();

  // Dropped if the link is not up.
  void send(Instant now, std::string bytes);

  bool is_up() const { return up_since_.has_value(); }
  const Address& address() const { return address_; }
  const Address& target() const { return target_; }  // where the last attempt went: `address`, with its name resolved
  const Address& local() const { return local_; }    // our end, while up
  std::optional<ConnectionId> connection() const { return connection_; }

  // --- Events of the world ---
  void connected(Instant now, const Address& local);
  void received(Instant now, std::string_view bytes);
  void closed(Instant now, core::LinkFault fault);
  // When the next attempt is due; nullopt while one is under way or the link is up.
  std::optional<Instant> retry_at() const { return retry_at_; }
  void retry();

  // Received and not complete, or not sent yet.
  std::size_t buffered_bytes() const;

  // Gives the link up for a reason that the owner found.
  void fail(Instant now, core::LinkFault fault);

 private:
  static constexpr Instant kAtOnce{};  // as an instant: long past, so that it is due before all else

  void drop();
  Instant next_attempt(Instant now);

  Network& network_;
  const NameBook& names_;
  Rng& rng_;
  Owner& owner_;
  Address address_;
  Address target_;
  Address local_;
  std::optional<ConnectionId> connection_;
  std::optional<Instant> up_since_;
  std::optional<Instant> retry_at_;
  unsigned failures_ = 0;  // in a row
  resp::ReplyDecoder decoder_;
};

}  // namespace vedette::node
