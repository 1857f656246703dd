// A world for tests of outgoing links: a network on which the test plays the other side, and a list of the facts that
// were reported.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "node/links.h"
#include "tests/support/serving.h"

namespace vedette::testing {

class DialledNetwork final : public node::Network {
 public:
  node::ConnectionId connect(const Address& address, Micros patience) override {
    const node::ConnectionId connection{++last_};
    timeout = patience;
    dialled.emplace_back(connection, address);
    return connection;
  }
  void send(node::ConnectionId connection, std::string bytes) override { sent[connection] += bytes; }
  std::size_t unsent_bytes(node::ConnectionId) const override { return unsent; }
  void close(node::ConnectionId connection, node::Close) override { closed.push_back(connection); }

  node::ConnectionId latest() const { return dialled.back().first; }
  std::string take(node::ConnectionId connection) { return on_one_line(std::exchange(sent[connection], {})); }

  std::vector<std::pair<node::ConnectionId, Address>> dialled;
  std::map<node::ConnectionId, std::string> sent;
  std::vector<node::ConnectionId> closed;
  std::size_t unsent = 0;
  Micros timeout{};  // of the latest attempt

 private:
  std::uint64_t last_ = 0;
};

class FakeResolver final : public node::Resolver {
 public:
  void resolve(const std::string& name) override { asked.push_back(name); }
  std::vector<std::string> take() { return std::exchange(asked, {}); }

  std::vector<std::string> asked;
};

class LinksTest : public ::testing::Test {
 protected:
  static constexpr InstanceId kServer{7};
  static constexpr InstanceId kPeer{8};
  static constexpr const char* kTakesResp3 = "%1\r\n$5\r\nproto\r\n:3\r\n";
  static constexpr const char* kKnowsNoHello = "-ERR unknown command `HELLO`, with args beginning with: `3`, \r\n";
  static constexpr const char* kSubscribed = ">3\r\n$9\r\nsubscribe\r\n$18\r\n__sentinel__:hello\r\n:1\r\n";

  // Watches a server or a peer; the connections that are made for it, in their order.
  std::vector<node::ConnectionId> watch(InstanceId id, core::InstanceKind kind, const std::string& host = "10.0.0.1") {
    const std::size_t before = network.dialled.size();
    links.carry_out(now, core::Watch{id, kind, {host, 6379}, "mymaster"});
    links.on_timer(now);
    std::vector<node::ConnectionId> made;
    for (std::size_t i = before; i < network.dialled.size(); ++i) made.push_back(network.dialled[i].first);
    return made;
  }

  bool owns(node::ConnectionId connection) { return links.received(now, connection, {}); }

  // A server with its link up and the introduction sent, not answered yet.
  node::ConnectionId watch_server() {
    const node::ConnectionId connection = watch(kServer, core::InstanceKind::kReplica).at(0);
    links.connected(now, connection, {"10.0.0.9", 40000});
    return connection;
  }

  // One that speaks RESP3, and is subscribed to.
  node::ConnectionId watch_new_server() {
    const node::ConnectionId connection = watch_server();
    links.received(now, connection, std::string("+OK\r\n") + kTakesResp3);
    links.received(now, connection, kSubscribed);
    network.take(connection);
    facts.clear();
    return connection;
  }

  // The server answers the introduction, and knows no HELLO; the connection that is made for the hellos then.
  node::ConnectionId turn_hello_down(node::ConnectionId connection) {
    links.received(now, connection, std::string("+OK\r\n") + kKnowsNoHello);
    links.on_timer(now);
    return network.latest();
  }

  // One that does not; the link for hellos that is made for it, up and subscribed.
  node::ConnectionId watch_old_server() {
    const node::ConnectionId hellos = turn_hello_down(watch_server());
    links.connected(now, hellos, {"10.0.0.9", 40001});
    facts.clear();
    return hellos;
  }

  // A peer with its link up and the introduction sent and answered.
  node::ConnectionId watch_peer() {
    const node::ConnectionId connection = watch(kPeer, core::InstanceKind::kSentinel).at(0);
    links.connected(now, connection, {"10.0.0.9", 40000});
    links.received(now, connection, "+OK\r\n");
    network.take(connection);
    facts.clear();
    return connection;
  }

  template <typename Fact>
  const Fact& last_fact() const {
    VEDETTE_CHECK(!facts.empty(), "a fact was reported");
    return std::get<Fact>(facts.back());
  }

  Instant now{Seconds(1000)};
  DialledNetwork network;
  SplitMix64 rng{1};
  FakeLogger logger;
  core::State state;
  std::vector<core::Input> facts;
  FakeResolver resolver;
  node::NameBook names{resolver, logger};
  node::Links links{network,
                    names,
                    rng,
                    logger,
                    state,
                    node::Identity{RunId{std::string(40, 'a')}, "", 26379, "", ""},
                    [this](Instant, const core::Input& input) { facts.push_back(input); }};
};

}  // namespace vedette::testing
