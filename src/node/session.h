// One client: who it is, how it speaks, and what it waits for. Plain data with trivial questions; `Sessions` moves the
// bytes, the commands are in files of their own.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
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

// How an answer is told that is waited for: the core's to an order or to a peer's question, or a list that takes turns.
enum class AnswerForm : std::uint8_t { kOk, kCount, kOpinion, kListing };

// CLIENT REPLY: which requests the client wants to have answered.
enum class ReplyMode : std::uint8_t { kAll, kNone, kNotToNext, kNotToThis };

struct Session {
  // A request that is not answered yet. Replies keep their order, so what is said after it waits behind it.
  struct Awaited {
    AnswerToken token{};
    AnswerForm form = AnswerForm::kOk;
    resp::Protocol protocol = resp::Protocol::kResp2;
    bool is_silent = false;
    bool is_answered = false;
    std::string reply;
    std::string after;  // what is said after it
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
  std::deque<Awaited> awaited;
  std::size_t bytes_behind_awaited = 0;  // at most; counted until none is awaited
  std::optional<Instant> slow_since;     // it has more unread messages than a reader should
  std::size_t held_bytes = 0;            // what it cost when last looked at

  bool executing = false;    // its requests are being worked off further up the stack
  std::optional<Close> end;  // to be closed once `out` is sent
  bool gone = false;         // closed: nothing may be sent any more

  bool is_waiting() const {
    return std::any_of(awaited.begin(), awaited.end(), [](const Awaited& one) { return !one.is_answered; });
  }

  bool accepts_requests() const { return !end && !gone; }

  // No later request is worked off before an order is answered, which it may depend on. Questions of a peer, who asks
  // about many primaries at a time, are worked off together, so that one save serves them all.
  bool is_held_up() const {
    if (awaited.size() >= kMaxAwaitedAnswers) return true;
    return !awaited.empty() && !awaited.back().is_answered && awaited.back().form != AnswerForm::kOpinion;
  }

  bool is_silent() const { return replies == ReplyMode::kNone || replies == ReplyMode::kNotToThis; }
  std::string& end_of_output() { return awaited.empty() ? out : awaited.back().after; }
  // A message need not wait for an answer behind which nothing was said yet.
  std::string& place_of_message() {
    const std::size_t count = awaited.size();
    if (count == 0 || !awaited.back().after.empty()) return end_of_output();
    return count == 1 ? out : awaited[count - 2].after;
  }
  std::string& sink() { return is_silent() ? unsaid : end_of_output(); }
  resp::Writer writer() { return {sink(), protocol}; }
  resp::Writer message_writer() { return {end_of_output(), protocol}; }  // messages are no replies

  void set_authenticated(bool value) {
    authenticated = value;
    decoder.set_limits(request_limits(value));
  }
};

}  // namespace vedette::node
