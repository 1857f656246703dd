// The link on which an instance or a peer is asked: commands out, replies in their order, each told to the core as the
// fact that it is. Nothing is decided here.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "core/effect.h"
#include "core/input.h"
#include "node/introduction.h"
#include "node/link.h"
#include "node/missing_rights.h"

namespace vedette::node {

// Commands without a reply yet. Beyond it, what is periodic is not sent: the instance is silent anyway.
inline constexpr std::size_t kMaxPendingCommands = 1000;

using Facts = std::function<void(Instant, const core::Input&)>;

class CommandLink final : public Link::Owner {
 public:
  CommandLink(InstanceId instance, Network& network, const NameBook& names, Rng& rng, Logger& logger,
              MissingRights& rights, Address address, Facts facts)
      : instance_(instance),
        link_(network, names, rng, *this, std::move(address)),
        logger_(logger),
        rights_(rights),
        facts_(std::move(facts)) {}

  // What the next connection introduces itself with.
  void introduce_as(Introduction introduction) {
    introduction_ = std::move(introduction);
    has_transactions_ = true;
  }

  Link& link() { return link_; }
  const Link& link() const { return link_; }
  std::size_t pending() const { return pending_.size(); }

  void ping(Instant now);
  void ask_info(Instant now);
  void publish_hello(Instant now, const proto::Hello& hello);
  void ask_peer(Instant now, const core::AskPeer& question);
  void reconfigure(Instant now, const std::optional<Address>& primary);
  void kill_script(Instant now);

  // --- Link::Owner ---
  void on_up(Instant now) override;
  void on_down(Instant now, core::LinkFault fault) override;
  void on_value(Instant now, const resp::Value& value) override;

 private:
  // What the reply to each command that is under way is for.
  struct Ignored {};
  struct Greeting {};  // a part of the introduction; an error is logged, since it explains what fails later
  struct Ping {};
  struct Info {};
  struct Question {
    std::string primary;
    Address about;
    Epoch candidacy;
  };
  struct Transaction {  // the reply to EXEC
    std::optional<Address> primary;
  };
  struct PlainRoleChange {};  // where there are no transactions
  using Purpose = std::variant<Ignored, Greeting, Ping, Info, Question, Transaction, PlainRoleChange>;

  struct Pending {
    Purpose purpose;
    std::string right;  // that the command takes
  };

  static bool may_be_queued(const Purpose& purpose);
  void send(Instant now, const std::vector<std::string>& request, Purpose purpose);
  void change_role_plainly(Instant now, const std::optional<Address>& primary);

  void take(Instant now, const Ignored&, const resp::Value& value);
  void take(Instant now, const Greeting&, const resp::Value& value);
  void take(Instant now, const Ping&, const resp::Value& value);
  void take(Instant now, const Info&, const resp::Value& value);
  void take(Instant now, const Question& question, const resp::Value& value);
  void take(Instant now, const Transaction& transaction, const resp::Value& value);
  void take(Instant now, const PlainRoleChange&, const resp::Value& value);

  InstanceId instance_;
  Link link_;
  Logger& logger_;
  MissingRights& rights_;
  Facts facts_;
  Introduction introduction_;
  bool has_transactions_ = true;  // the server leaves one when it is told to, as far as we know
  std::deque<Pending> pending_;
  core::LinkFault last_fault_ = core::LinkFault::kNone;
  std::string last_complaint_;  // of the introduction, logged once
};

}  // namespace vedette::node
