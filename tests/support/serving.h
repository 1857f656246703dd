// A node's surroundings for tests of what clients are served: a network that remembers what was sent, a sentinel whose
// state is made by hand, and orders that are kept until the test answers them.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/check.h"
#include "base/rng.h"
#include "node/sessions.h"
#include "resp/writer.h"

namespace vedette::testing {

// "+PONG\r\n" as "+PONG|".
inline std::string on_one_line(std::string_view bytes) {
  std::string line;
  for (const char c : bytes) {
    if (c != '\r') line += c == '\n' ? '|' : c;
  }
  return line;
}

class FakeNetwork final : public node::Network {
 public:
  node::ConnectionId connect(const Address&, Micros) override {
    VEDETTE_CHECK(false, "clients come to us, not the other way round");
    return {};
  }
  void send(node::ConnectionId connection, std::string bytes) override {
    EXPECT_EQ(closed.count(connection), 0U) << "sent to a closed connection";
    sent[connection] += bytes;
    ++sends[connection];
  }
  std::size_t unsent_bytes(node::ConnectionId connection) const override {
    const auto found = unread.find(connection);
    return found == unread.end() ? 0 : found->second;
  }
  void close(node::ConnectionId connection, node::Close how) override {
    EXPECT_EQ(closed.count(connection), 0U) << "closed twice";
    closed[connection] = how;
  }

  std::map<node::ConnectionId, std::string> sent;
  std::map<node::ConnectionId, int> sends;
  std::map<node::ConnectionId, std::size_t> unread;  // set by the test: a slow reader
  std::map<node::ConnectionId, node::Close> closed;
};

class FakeLogger final : public node::Logger {
 public:
  void log(core::Level level, std::string_view text) override { lines.emplace_back(level, text); }
  void set_level(core::Level new_least) override { least = new_least; }
  std::vector<std::pair<core::Level, std::string>> lines;
  core::Level least = core::Level::kNotice;
};

class FakeScriptRunner final : public node::ScriptRunner {
 public:
  node::ScriptRun start(const node::ScriptCommand& command) override {
    started.push_back(command.words);
    environment = command.environment;
    return node::ScriptRun{started.size()};
  }
  void kill(node::ScriptRun run) override { killed.push_back(run); }
  bool is_executable(const std::string& path) const override { return executable.contains(path); }

  std::vector<std::vector<std::string>> started;  // the run of the first is 1
  std::vector<std::string> environment;           // of the last one
  std::vector<node::ScriptRun> killed;
  std::set<std::string> executable;
};

class FakeNode final : public node::View, public node::Orders {
 public:
  const core::State& state() const override { return the_state; }
  core::Explanation explain(const core::Primary& primary, Instant at) const override {
    return core::explain(the_state, core::Durability{}, primary, at);
  }
  const Address* address_of(std::string_view name) const override {
    const auto found = addresses.find(std::string(name));
    return found == addresses.end() ? nullptr : &found->second;
  }
  std::size_t pending_commands(InstanceId instance) const override {
    const auto found = pending.find(instance);
    return found == pending.end() ? 0 : found->second;
  }
  std::optional<std::string> info_text(InstanceId server) const override {
    const auto found = info_texts.find(server);
    return found == info_texts.end() ? std::nullopt : std::optional(found->second);
  }
  const node::Scripts& scripts() const override { return the_scripts; }
  node::MemoryReport memory() const override { return the_memory; }
  node::CpuUsage cpu_usage() const override { return {1500ms, 250000us, 0us, 3us}; }
  const conf::Configuration& configuration() const override { return the_configuration; }

  void submit(Instant, const core::Input& input) override { inputs.push_back(input); }
  void configure(Instant, const conf::Configuration& wanted) override { the_configuration = wanted; }
  void read_acl_file(AnswerToken token) override { acl_reads.push_back(token); }
  void write_acl_file(AnswerToken token, std::string text) override { acl_writes.emplace_back(token, std::move(text)); }
  void shut_down() override { is_shut_down = true; }

  core::State the_state;
  conf::Configuration the_configuration;
  std::map<std::string, Address> addresses;
  std::map<InstanceId, std::size_t> pending;
  std::map<InstanceId, std::string> info_texts;
  node::MemoryReport the_memory;
  std::vector<core::Input> inputs;
  std::vector<AnswerToken> acl_reads;
  std::vector<std::pair<AnswerToken, std::string>> acl_writes;
  FakeScriptRunner runner;
  FakeLogger script_log;
  node::Scripts the_scripts{runner, script_log, the_state.timing, [](Instant, const core::Announce&) {}};
  bool is_shut_down = false;
};

class ServingTest : public ::testing::Test {
 protected:
  node::Sessions& sessions() {
    if (!sessions_) {
      sessions_ = std::make_unique<node::Sessions>(node, node, network, logger, rng, users, settings, facts,
                                                   node::StartTime{now, start});
    }
    return *sessions_;
  }

  node::ConnectionId connect(const Address& remote = {"10.0.0.9", 40000}) {
    const node::ConnectionId connection{++last_connection_};
    sessions().accept(now, connection, remote, {"10.0.0.1", 26379});
    return connection;
  }

  // Everything sent to this client since the last call.
  std::string take(node::ConnectionId client) { return std::exchange(network.sent[client], {}); }

  std::string send(node::ConnectionId client, std::string_view bytes) {
    sessions().receive(now, client, bytes);
    return on_one_line(take(client));
  }

  // One request and what comes back at once.
  std::string ask(node::ConnectionId client, std::initializer_list<std::string_view> words) {
    std::string bytes;
    const std::vector<std::string> arguments(words.begin(), words.end());
    resp::append_request(bytes, arguments);
    return send(client, bytes);
  }

  // The last order given, which must be of this type.
  template <typename Order>
  const Order& ordered() const {
    VEDETTE_CHECK(!node.inputs.empty(), "an order was given");
    return std::get<Order>(node.inputs.back());
  }

  std::string confirm(node::ConnectionId client, AnswerToken token, Status result = Ok{}, std::int64_t count = 0) {
    sessions().answer(now, core::AnswerOrder{token, std::move(result), count});
    return on_one_line(take(client));
  }

  bool is_open(node::ConnectionId client) { return sessions().owns(client); }

  Instant now{Seconds(1000)};
  WallTime start{Millis(1'700'000'000'000)};
  node::acl::Users users;          // to be set before the first client comes
  node::ServingSettings settings;  // likewise
  node::ProcessFacts facts;        // likewise
  FakeNetwork network;
  FakeLogger logger;
  FakeNode node;
  SplitMix64 rng{1};

 private:
  std::unique_ptr<node::Sessions> sessions_;
  std::uint64_t last_connection_ = 0;
};

}  // namespace vedette::testing
