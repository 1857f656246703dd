// The link on which an instance or a peer is asked: commands out, replies in their order, each told to the core as the
// fact that it is. Nothing is decided here.
//
// A server is offered RESP3, in which the messages of its hello channel come between the replies, so that one link is
// enough. What a peer has to say it says to us, and is answered in RESP2.
#pragma once

#include <list>
#include <string>
#include <variant>
#include <vector>

#include "core/effect.h"
#include "core/input.h"
#include "node/facts.h"
#include "node/hello_channel.h"
#include "node/introduction.h"
#include "node/link.h"
#include "node/missing_rights.h"

namespace vedette::node {

// Commands without a reply yet. Beyond it, what is periodic is not sent: the instance is silent anyway. A peer may owe
// two answers about each of thousands of primaries that are down, and answers about votes wait for its disk.
inline constexpr std::size_t kMaxPendingCommands = 20000;

// Where the hellos of a server are heard.
enum class HelloPlace : std::uint8_t { kNotKnownYet, kHere, kElsewhere };

class CommandLink final : public Link::Owner {
 public:
  // `channel` is that of the server; null for a peer.
  CommandLink(InstanceId instance, Network& network, const NameBook& names, Rng& rng, Logger& logger,
              MissingRights& rights, HelloChannel* channel, Address address, Facts facts)
      : instance_(instance),
        link_(network, names, rng, *this, std::move(address)),
        logger_(logger),
        rights_(rights),
        channel_(channel),
        facts_(std::move(facts)) {}

  // What the next connection introduces itself with.
  void introduce_as(Introduction introduction) {
    introduction_ = std::move(introduction);
    has_transactions_ = true;
    has_pushes_ = true;
  }

  Link& link() { return link_; }
  const Link& link() const { return link_; }
  std::size_t pending() const { return pending_.size(); }
  std::size_t heap_bytes() const { return introduction_.heap_bytes() + heap_of(last_complaint_); }
  std::size_t buffered_bytes() const {
    return link_.buffered_bytes() + pending_.size() * (sizeof(Pending) + 2 * sizeof(void*));
  }
  HelloPlace hello_place() const { return link_.is_up() ? hello_place_ : HelloPlace::kNotKnownYet; }

  void ping(Instant now);
  void ask_info(Instant now);
  void ask_info_of_sentinel(Instant now);
  void publish_hello(Instant now, const proto::Hello& hello);
  void ask_peer(Instant now, const core::AskPeer& question);
  void reconfigure(Instant now, const std::optional<Address>& primary);
  void kill_script(Instant now);
  // It is an error to call this if hellos are not heard here.
  void subscribe(Instant now);

  // --- Link::Owner ---
  void on_up(Instant now) override;
  void on_down(Instant now, core::LinkFault fault) override;
  void on_value(Instant now, const resp::Value& value) override;

 private:
  // What the reply to each command that is under way is for.
  struct Ignored {};
  struct Greeting {};  // a part of the introduction; an error is logged, since it explains what fails later
  struct Resp3Offer {};
  struct Subscription {};  // to the hello channel
  struct Ping {};
  struct Info {};
  struct Question {
    std::string primary;
    Address about;
    Epoch candidacy;
    Instant asked_at;
  };
  struct Transaction {  // the reply to EXEC
    std::optional<Address> primary;
  };
  struct PlainRoleChange {};  // where there are no transactions
  using Purpose =
      std::variant<Ignored, Greeting, Resp3Offer, Subscription, Ping, Info, Question, Transaction, PlainRoleChange>;

  struct Pending {
    Purpose purpose;
    std::string right;  // that the command takes
  };

  template <typename Wanted>
  bool next_is() const {
    return !pending_.empty() && std::holds_alternative<Wanted>(pending_.front().purpose);
  }
  static bool may_be_queued(const Purpose& purpose);
  static bool needs_right(const Purpose& purpose);
  static bool is_only_logged(const Purpose& purpose);
  void take_push(Instant now, const resp::Value& push);
  void take_reply(Instant now, const resp::Value& value);
  void send(Instant now, const std::vector<std::string>& request, Purpose purpose);
  void change_role_plainly(Instant now, const std::optional<Address>& primary);

  void take(Instant now, const Ignored&, const resp::Value& value);
  void take(Instant now, const Greeting&, const resp::Value& value);
  void take(Instant now, const Resp3Offer&, const resp::Value& value);
  void take(Instant now, const Subscription&, const resp::Value& value);
  void take(Instant now, const Ping&, const resp::Value& value);
  void take(Instant now, const Info&, const resp::Value& value);
  void take(Instant now, const Question& question, const resp::Value& value);
  void take(Instant now, const Transaction& transaction, const resp::Value& value);
  void take(Instant now, const PlainRoleChange&, const resp::Value& value);

  InstanceId instance_;
  Link link_;
  Logger& logger_;
  MissingRights& rights_;
  HelloChannel* channel_;
  Facts facts_;
  Introduction introduction_;
  bool has_transactions_ = true;  // the server leaves one when it is told to, as far as we know
  bool has_pushes_ = true;        // the server has those of RESP3, as far as we know
  HelloPlace hello_place_ = HelloPlace::kNotKnownYet;
  std::list<Pending> pending_;  // nothing waits most of the time, and then it takes nothing
  core::LinkFault last_fault_ = core::LinkFault::kNone;
  std::string last_complaint_;  // of the introduction, logged once
};

}  // namespace vedette::node
