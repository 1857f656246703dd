// One simulated sentinel: the real node, with all that is below it, on a simulated network, disk and clock. Its
// configuration file is on its disk and is all that it has left after a crash. An ACL file it has none, so that port
// only says so.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/state.h"
#include "node/node.h"
#include "sim/disk.h"
#include "sim/name_server.h"
#include "sim/network.h"
#include "sim/process.h"
#include "sim/random_streams.h"
#include "sim/scripts.h"
#include "sim/sentinel.h"

namespace vedette::sim {

class SentinelProcess final : public Sentinel,
                              private node::Network,
                              private node::Resolver,
                              private node::Disk,
                              private node::Logger,
                              private node::Process,
                              private node::AclFile {
 public:
  using LogLine = std::function<void(const SentinelProcess&, core::Level, std::string_view)>;

  using Observe = std::function<void(const SentinelProcess&)>;  // after every event of its

  SentinelProcess(EventQueue& queue, sim::Network& network, NameServer& name_server, std::string name, std::string host,
                  std::string conf, const RandomStreams& streams, LogLine log, Observe observe);
  ~SentinelProcess() override;

  // Null while it is dead.
  const core::State* state() const { return node_ ? &node_->state() : nullptr; }
  std::optional<View> view(const std::string& primary) const override;
  std::vector<Address> known_servers(const std::string& primary) const override;
  Scripts& scripts() { return scripts_; }

  // Whether it would know after a crash what it knows now. It is an error to ask one that is dead.
  bool has_saved_all() const;

  void on_accepted(ConnectionId connection, const Address& remote, const Address& local) override;
  void on_connected(ConnectionId connection, const Address& local) override;
  void on_received(ConnectionId connection, std::string_view bytes) override;
  void on_closed(ConnectionId connection, core::LinkFault fault) override;

 private:
  // --- Ports ---
  ConnectionId connect(const Address& address, Micros timeout) override;
  void send(ConnectionId connection, std::string bytes) override;
  std::size_t unsent_bytes(ConnectionId connection) const override;
  void close(ConnectionId connection, Close how) override;
  void resolve(const std::string& name) override;
  void append(std::string record) override;
  void replace(MakeText make_text) override;
  void log(core::Level level, std::string_view text) override;
  void set_level(core::Level least) override { least_level_ = least; }
  void exit_now(int status) override;
  void shut_down() override;
  node::CpuUsage cpu_usage() const override { return {}; }
  node::ProcessMemory memory() const override { return {}; }
  void read() override;
  void write(std::string text) override;

  conf::File read_disk() const;
  node::ProcessFacts facts();
  void begin_life() override;
  void forget_life() override;
  void settle();
  void ring();

  NameServer& name_server_;
  Scripts scripts_;
  SplitMix64 rng_;
  LogLine log_;
  Observe observe_;
  std::unique_ptr<node::Node> node_;
  std::optional<Instant> alarm_at_;
  core::Level least_level_ = core::Level::kNotice;
};

}  // namespace vedette::sim
