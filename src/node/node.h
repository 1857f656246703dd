// One whole sentinel on ports: the core, the links to instances and peers, the sessions of clients, and the executor
// that carries the core's effects out. Single-threaded; every call is an event of the world with the instant at which
// it happened.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/rng.h"
#include "base/time.h"
#include "conf/file.h"
#include "core/core.h"
#include "node/ports.h"
#include "node/process_facts.h"

namespace vedette::node {

class Node {
 public:
  // Of the file, only its form is kept.
  // It is an error if the users of the configuration cannot be read: see `users_from`.
  Node(const conf::File& file, ProcessFacts facts, Ports ports, Rng& rng, Instant now, WallTime wall_now);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // --- Events of the world ---
  void on_accepted(Instant now, ConnectionId connection, const Address& remote, const Address& local);
  void on_connected(Instant now, ConnectionId connection, const Address& local);
  void on_received(Instant now, ConnectionId connection, std::string_view bytes);
  void on_closed(Instant now, ConnectionId connection, core::LinkFault fault);
  void on_resolved(Instant now, const std::string& name, const Result<std::vector<std::string>>& ips);
  void on_appended(Instant now, const Status& result);
  void on_replaced(Instant now, const Status& result);
  void on_acl_read(Instant now, const Result<std::string>& text);
  void on_acl_written(Instant now, const Status& result);
  void on_script_started(Instant now, ScriptRun run, std::int64_t pid);
  void on_script_printed(Instant now, ScriptRun run, std::string_view line);
  void on_script_ended(Instant now, ScriptRun run, const ScriptEnd& end);
  void on_timer(Instant now);

  // When `on_timer` is wanted at the latest.
  std::optional<Instant> next_deadline() const;

  // For those who watch from outside, as a simulation does.
  const core::State& state() const;

  // For the orderly end: the text of the state as it is now.
  std::string state_text() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vedette::node
