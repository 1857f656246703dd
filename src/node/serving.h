// What serving clients needs from the rest of the node: something to look at, someone to give orders to, and the
// settings that concern clients.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/time.h"
#include "conf/model.h"
#include "core/explain.h"
#include "core/input.h"
#include "core/state.h"
#include "node/memory_report.h"
#include "node/process_facts.h"
#include "node/renamed_commands.h"
#include "node/scripts.h"

namespace vedette::node {

// The sentinel as its clients may see it.
class View {
 public:
  virtual ~View() = default;

  virtual const core::State& state() const = 0;

  // Why there is or is not a failover of `primary`, which must be of this state.
  virtual core::Explanation explain(const core::Primary& primary, Instant now) const = 0;

  // Where clients find the primary `name`; null if unknown.
  virtual const Address* address_of(std::string_view name) const = 0;

  // Commands sent to an instance or a peer and not answered yet.
  virtual std::size_t pending_commands(InstanceId instance) const = 0;

  // The last INFO of a server as it came, of which the core has kept what it means; nullopt: none yet.
  virtual std::optional<std::string> info_text(InstanceId server) const = 0;

  virtual const Scripts& scripts() const = 0;
  virtual CpuUsage cpu_usage() const = 0;
  // Without what concerns clients.
  virtual MemoryReport memory() const = 0;

  // As it holds now. Of the sentinel's part, what the core keeps (primaries, epochs) is as it was at start.
  virtual const conf::Configuration& configuration() const = 0;
};

// Takes what clients want done.
class Orders {
 public:
  virtual ~Orders() = default;

  // Steps the core with this. If the input has a token, `Sessions::answer` follows exactly once, possibly before this
  // returns, possibly after the next save.
  virtual void submit(Instant now, const core::Input& input) = 0;

  // SENTINEL CONFIG SET: from now on this holds, and is in whatever is saved. Only what SENTINEL CONFIG knows may
  // differ from the present configuration.
  virtual void configure(Instant now, const conf::Configuration& wanted) = 0;

  // Reads or writes the ACL file, for ACL LOAD and SAVE. `finish_acl_load` or `finish_acl_save` follows with the token.
  virtual void read_acl_file(AnswerToken token) = 0;
  virtual void write_acl_file(AnswerToken token, std::string text) = 0;

  // SHUTDOWN: a last save and the orderly end of the process.
  virtual void shut_down() = 0;
};

struct ServingSettings {
  std::string acl_file;  // empty: there is none
  std::uint64_t acl_log_max_entries = 128;
  Seconds client_timeout{0};                 // idle clients are closed after this; 0: never
  bool protected_mode = false;               // without a password, only clients of this machine are served
  conf::OutputBufferLimit normal_limit;      // on what clients leave unread, 0 for none
  conf::OutputBufferLimit subscriber_limit;  // the same of those who listen to something
  bool deny_scripts_reconfig = true;
  RenamedCommands renamed = {};
};

// When the node started, by both clocks: the wall's is only shown.
struct StartTime {
  Instant at{};
  WallTime wall{};
};

}  // namespace vedette::node
