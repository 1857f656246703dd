// A link of its own for the hello channel of a server that cannot send messages between replies: one without RESP3.
#pragma once

#include <list>
#include <string>

#include "node/hello_channel.h"
#include "node/introduction.h"
#include "node/link.h"
#include "node/missing_rights.h"

namespace vedette::node {

class HelloLink final : public Link::Owner {
 public:
  HelloLink(Network& network, const NameBook& names, Rng& rng, MissingRights& rights, HelloChannel& channel,
            Address address, Introduction introduction)
      : link_(network, names, rng, *this, std::move(address)),
        rights_(rights),
        channel_(channel),
        introduction_(std::move(introduction)) {}

  Link& link() { return link_; }
  const Link& link() const { return link_; }
  std::size_t heap_bytes() const { return introduction_.heap_bytes(); }

  // --- Link::Owner ---
  void on_up(Instant now) override;
  void on_down(Instant now, core::LinkFault fault) override;
  void on_value(Instant now, const resp::Value& value) override;

 private:
  Link link_;
  MissingRights& rights_;
  HelloChannel& channel_;
  Introduction introduction_;
  std::list<std::string> pending_rights_;  // that the requests without a reply yet take
};

}  // namespace vedette::node
