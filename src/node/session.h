// One client: who it is, how it speaks, and what it waits for. Plain data with trivial questions; `Sessions` moves the
// bytes, the commands are in files of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/host.h"
#include "base/ids.h"
#include "base/time.h"
#include "node/acl/users.h"
#include "node/client_tracking.h"
#include "node/limits.h"
#include "node/ports.h"
#include "resp/request_decoder.h"
#include "resp/writer.h"

namespace vedette::node {

// Clients of a Unix socket have a path and no port.
inline bool is_of_unix_socket(const Address& remote) { return remote.port == 0; }

inline bool is_of_this_machine(const Address& remote) { return is_of_unix_socket(remote) || is_loopback(remote.host); }

// How the core's answer to an order is told.
enum class AnswerForm : std::uint8_t { kOk, kCount };

// CLIENT REPLY: which requests the client wants to have answered.
enum class ReplyMode : std::uint8_t { kAll, kNone, kNotToNext, kNotToThis };

struct Session {
  // The request that the core has not answered yet. No later request is worked off before, so that replies keep their
  // order.
  struct Waiting {
    AnswerToken token{};
    AnswerForm form = AnswerForm::kOk;
  };

  ConnectionId connection{};
  std::uint64_t id = 0;  // CLIENT ID
  Address remote;
  Address local;
  Instant connected_at{};
  Instant active_at{};  // when bytes last came in

  std::string name;
  std::string library_name;
  std::string library_version;
  std::string user{acl::kDefaultUser};
  bool authenticated = false;  // has said who it is, or was let in without
  resp::Protocol protocol = resp::Protocol::kResp2;
  std::string_view last_command = "NULL";
  ReplyMode replies = ReplyMode::kAll;
  bool never_evicted = false;  // CLIENT NO-EVICT: noted only, since memory is bounded otherwise
  std::optional<Tracking> tracking;

  resp::RequestDecoder decoder;
  std::string out;     // replies and messages that have not been given to the network
  std::string unsaid;  // replies that the client does not want
  std::optional<Waiting> waiting;
  std::optional<Instant> slow_since;  // it has more unread messages than a reader should
  std::size_t held_bytes = 0;         // what it cost when last looked at

  bool executing = false;    // its requests are being worked off further up the stack
  std::optional<Close> end;  // to be closed once `out` is sent
  bool gone = false;         // closed: nothing may be sent any more

  bool accepts_requests() const { return !end && !gone; }

  bool is_silent() const { return replies == ReplyMode::kNone || replies == ReplyMode::kNotToThis; }
  resp::Writer writer() { return {is_silent() ? unsaid : out, protocol}; }
  resp::Writer message_writer() { return {out, protocol}; }  // messages are no replies

  void set_authenticated(bool value) {
    authenticated = value;
    decoder.set_limits(request_limits(value));
  }
};

}  // namespace vedette::node
