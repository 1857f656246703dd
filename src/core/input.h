// What can happen to the core: one typed fact at a time.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "core/state.h"
#include "proto/down_reply.h"
#include "proto/hello.h"
#include "proto/info.h"
#include "proto/ping_reply.h"

namespace vedette::core {

// --- Links ----------------------------------------------------------------------------------------------------------

// The command link to an instance is ready: connected and authenticated.
struct LinkUp {
  InstanceId instance;
};
// It is not, or an attempt to make it so failed. May come many times in a row.
struct LinkDown {
  InstanceId instance;
  LinkFault fault;
};
struct PingReplied {
  InstanceId instance;
  proto::PingReply reply;
};
struct InfoReplied {
  InstanceId instance;
  std::string text;
};
// The server gave an error instead, as while a script keeps it busy.
struct InfoRefused {
  InstanceId instance;
};
// The reply to the transaction of `Promote` or `Follow`. A failure is only told to the log: INFO is what counts.
struct ReconfigureReplied {
  InstanceId instance;
  bool accepted;
};

// --- Peers ----------------------------------------------------------------------------------------------------------

struct HelloReceived {
  proto::Hello hello;
  std::optional<InstanceId> heard_on{};  // the server on whose channel it was; nullopt: it was said to us
};
// The answer to `AskPeer`.
struct PeerAnswered {
  InstanceId peer;
  std::string primary;  // the name of which the question was
  Address about;        // where that primary was then: it may have moved since
  Epoch candidacy;      // the epoch at which the question asked for a vote; 0: it did not
  Instant asked_at;     // when the question was sent
  proto::DownReply reply;
};
// SENTINEL IS-MASTER-DOWN-BY-ADDR. Answered with `AnswerPeer`.
struct PeerAsked {
  AnswerToken token;
  Address primary;
  Epoch epoch;
  std::optional<RunId> candidate;  // nullopt: it wants no vote, only our opinion
  std::optional<RunId> asker;      // who asks, if the connection shows it to be a known sentinel
};

// --- Host names -----------------------------------------------------------------------------------------------------

// The name leads to this IP address from now on; empty: it is not known any more.
struct NameResolved {
  std::string name;
  std::string ip;
  std::vector<InstanceId> instances;  // all whose address has this name
  bool reached = false;               // a link was made there by this name
};
struct SetNaming {
  Naming naming;
};

// --- Ourselves ------------------------------------------------------------------------------------------------------

struct TimerFired {};
struct SaveFinished {
  Revision revision;
  Status result;
};

// --- Orders of operators. Answered with `AnswerOrder`, after what they changed is durable. --------------------------

struct Monitor {
  AnswerToken token;
  std::string name;
  Address address;
  unsigned quorum;
};
struct Remove {
  AnswerToken token;
  std::string name;
};
struct Set {
  AnswerToken token;
  std::string name;
  std::vector<std::pair<std::string, std::string>> options;  // already validated; for the `+set` events
  PrimarySettings settings;                                  // all of them, with the changes made
};
struct FailoverNow {
  AnswerToken token;
  std::string name;
};
// SENTINEL RESET: the answer's `count` is how many primaries matched.
struct Reset {
  AnswerToken token;
  std::string pattern;
};
struct Flush {
  AnswerToken token;
};
struct SetTiming {
  Timing timing;
};
struct SimulateFailure {
  bool after_election;
  bool after_promotion;
};

using Input = std::variant<LinkUp, LinkDown, PingReplied, InfoReplied, InfoRefused, ReconfigureReplied, HelloReceived,
                           PeerAnswered, PeerAsked, NameResolved, SetNaming, TimerFired, SaveFinished, Monitor, Remove,
                           Set, FailoverNow, Reset, Flush, SetTiming, SimulateFailure>;

}  // namespace vedette::core
