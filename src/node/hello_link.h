// The subscription to a server's hello channel: where the other sentinels of its primary are heard.
#pragma once

#include <deque>
#include <string>

#include "node/command_link.h"
#include "node/introduction.h"
#include "node/link.h"
#include "node/missing_rights.h"

namespace vedette::node {

// Our own hellos come back on this link every publish period. Without any for this long it is dead, whatever TCP
// thinks.
inline constexpr Micros kMaxHelloSilence = 6000ms;

class HelloLink final : public Link::Owner {
 public:
  HelloLink(Network& network, const NameBook& names, Rng& rng, Logger& logger, MissingRights& rights, Address address,
            Facts facts)
      : link_(network, names, rng, *this, std::move(address)),
        logger_(logger),
        rights_(rights),
        facts_(std::move(facts)) {}

  void introduce_as(Introduction introduction) { introduction_ = std::move(introduction); }

  Link& link() { return link_; }
  const Link& link() const { return link_; }

  // When the silence becomes too long, while the link is up.
  std::optional<Instant> silent_at() const;

  // --- Link::Owner ---
  void on_up(Instant now) override;
  void on_down(Instant now, core::LinkFault fault) override;
  void on_value(Instant now, const resp::Value& value) override;

 private:
  Link link_;
  Logger& logger_;
  MissingRights& rights_;
  Facts facts_;
  Introduction introduction_;
  Instant heard_at_{};
  std::deque<std::string> pending_rights_;  // that the requests without a reply yet take
  std::string last_complaint_;
};

}  // namespace vedette::node
