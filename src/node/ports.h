// What a sentinel needs from the world around it. `net/` gives it the operating system, a simulator gives it another
// world.
//
// All calls return at once; what they lead to is told to the `Node` later, by the calls named here, each with the
// instant at which it happened. A port never calls the node from within a call made by the node.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/memory_use.h"
#include "base/time.h"
#include "core/effect.h"
#include "node/process_facts.h"

namespace vedette::node {

// A connection, from `connect` or `Node::on_accepted`, until `Node::on_closed`. Never reused.
enum class ConnectionId : std::uint64_t {};

enum class Close : std::uint8_t {
  kNow,        // what was not sent yet is dropped
  kAfterSend,  // what was given to `send` goes out first, for a few seconds at most
};

class Network {
 public:
  virtual ~Network() = default;

  // The host is an IP literal; a name is reported as unresolved.
  // Leads to `Node::on_connected` or, after `timeout` at the latest, `Node::on_closed` with the reason.
  virtual ConnectionId connect(const Address& address, Micros timeout) = 0;

  // Queues bytes. What the other side sends is told by `Node::on_received`, the end by `Node::on_closed`.
  virtual void send(ConnectionId connection, std::string bytes) = 0;

  // Bytes queued and not yet taken by the kernel: a slow reader shows here.
  virtual std::size_t unsent_bytes(ConnectionId connection) const = 0;

  // No `on_closed` follows for a connection that the node itself closes.
  virtual void close(ConnectionId connection, Close how) = 0;
};

class Resolver {
 public:
  virtual ~Resolver() = default;

  // Leads to `Node::on_resolved`, once, whatever happens: to no addresses if a name server says that there are none,
  // and to an error if none answers. A name is not asked for again while it is under way.
  virtual void resolve(const std::string& name) = 0;
};

// Of each of the two at most one is under way at a time.
class Disk {
 public:
  virtual ~Disk() = default;

  // Appends a record (`conf::journal_record`) to the journal beside the state file, durably. Leads to
  // `Node::on_appended`. After a crash before that, the record is there as a whole or not at all.
  virtual void append(std::string record) = 0;

  // Makes a text, which has all that was given to `append` before this call, the whole content of the state file,
  // atomically and durably: after a crash at any point there is the old text or the new one, and what was appended
  // since the text that is there was made is found beside it. Leads to `Node::on_replaced`. The text is made off the
  // loop, since that may take long.
  using MakeText = std::function<std::string()>;
  virtual void replace(MakeText make_text) = 0;
};

class Logger {
 public:
  virtual ~Logger() = default;
  virtual void log(core::Level level, std::string_view text) = 0;  // one line, without the line end
  virtual void set_level(core::Level least) = 0;                   // entries below it are dropped from now on
  virtual MemoryUse waiting() const { return {}; }                 // lines that could not be written yet
};

class Process {
 public:
  virtual ~Process() = default;
  virtual void exit_now(int status) = 0;  // without saving: a simulated crash
  virtual void shut_down() = 0;           // leads to a last save and an orderly end with status 0
  virtual CpuUsage cpu_usage() const = 0;
  virtual ProcessMemory memory() const = 0;
};

// The ACL file that the configuration names; not used if it names none. Calls are carried out in their order.
class AclFile {
 public:
  virtual ~AclFile() = default;
  virtual void read() = 0;                   // leads to `Node::on_acl_read`
  virtual void write(std::string text) = 0;  // as the state file is saved; leads to `Node::on_acl_written`
};

// One run of a script, from `start` until `Node::on_script_ended`. Never reused.
enum class ScriptRun : std::uint64_t {};

struct ScriptEnd {
  static constexpr int kCannotExecute = 2;  // the status of what is no program
  static constexpr int kNotStarted = 99;    // stands for a signal when there is no room for one more process

  int status = 0;
  int signal = 0;  // that ended it, or 0
};

struct ScriptCommand {
  std::vector<std::string> words;        // the path, then the arguments
  std::vector<std::string> environment;  // "NAME=value", beside what every script has
};

class ScriptRunner {
 public:
  virtual ~ScriptRunner() = default;

  // Starts a program, by its path, with arguments. Leads to `Node::on_script_started`, unless that fails, and then, or
  // else at once, to `Node::on_script_ended`. What it prints until then comes by `Node::on_script_printed`.
  virtual ScriptRun start(const ScriptCommand& command) = 0;

  // Ends it and all that it has started; `on_script_ended` follows.
  virtual void kill(ScriptRun run) = 0;

  // Whether there is something that we may execute.
  virtual bool is_executable(const std::string& path) const = 0;
};

struct Ports {
  Network& network;
  Resolver& resolver;
  Disk& disk;
  Logger& logger;
  Process& process;
  ScriptRunner& scripts;
  AclFile& acl_file;
};

}  // namespace vedette::node
