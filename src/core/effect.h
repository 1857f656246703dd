// What the core wants done. An output's effects are to be carried out in their order.
//
// Nothing in an output depends on a save that is not durable yet: what does is held back by the core (see
// `durability.h`), and comes in a later output once `SaveFinished` has told it so. `persist` therefore may run at its
// own pace.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "core/state.h"
#include "proto/down_reply.h"

namespace vedette::core {

// --- Links ----------------------------------------------------------------------------------------------------------

enum class InstanceKind : std::uint8_t { kPrimary, kReplica, kSentinel };

// Keep a link to this instance open from now on, reconnecting as needed.
struct Watch {
  InstanceId instance;
  InstanceKind kind;
  Address address;
  std::string primary;  // the name whose credentials and renamed commands apply; empty for sentinels
};
struct Unwatch {
  InstanceId instance;
};
// Drop the connections and make new ones: they are silent, or their address or credentials changed.
struct Relink {
  InstanceId instance;
  Address address;
  LinkFault reason;
};

// --- Commands to instances; dropped silently where there is no link -------------------------------------------------

struct SendPing {
  InstanceId instance;
};
struct SendInfo {
  InstanceId instance;
};
// PUBLISH of a hello. The executor adds where we listen, since only it knows the link's own address.
struct SendHello {
  InstanceId instance;
  std::string primary_name;
  Epoch current_epoch;
  Configuration configuration;
};
struct AskPeer {
  InstanceId peer;
  std::string primary_name;
  Address primary;
  Epoch epoch;
  std::optional<RunId> candidate;  // ourselves, when standing for election
};
// The transaction that makes it a primary (`to` is nullopt) or a replica.
struct Reconfigure {
  InstanceId instance;
  std::optional<Address> to;
};
struct KillScript {
  InstanceId instance;
};

// --- Answers --------------------------------------------------------------------------------------------------------

struct AnswerPeer {
  AnswerToken token;
  proto::DownReply reply;
};
struct AnswerOrder {
  AnswerToken token;
  Status result;  // the error's message is what the client is told, code included ("ERR ...")
  std::int64_t count = 0;
};

// --- To people and scripts ------------------------------------------------------------------------------------------

enum class Level : std::uint8_t { kDebug, kVerbose, kNotice, kWarning };

// Published on the channel named as the event, and logged.
struct Announce {
  Level level;
  std::string_view event;  // one of `proto::event`, static
  std::string payload;
};
// A script of the operator is to be run with these arguments.
struct ScriptFact {
  std::string_view name;  // of `proto::script`
  std::string value;
};
struct RunScript {
  std::string path;
  std::vector<ScriptFact> facts;  // its arguments, in this order
};
// Only logged.
struct Log {
  Level level;
  std::string text;
};
// SENTINEL SIMULATE-FAILURE: end the process at once with this status.
struct Exit {
  int status;
};

using Effect = std::variant<Watch, Unwatch, Relink, SendPing, SendInfo, SendHello, AskPeer, Reconfigure, KillScript,
                            AnswerPeer, AnswerOrder, Announce, RunScript, Log, Exit>;

// What a save has to bring to the disk, besides the current epoch.
struct Save {
  Revision revision{};
  std::set<std::string> primaries;  // that have changed, or are no longer there
  bool everything = false;          // the settings of the sentinel itself too, in the file that people read
};

struct Output {
  // Save this as it is now, and report it as `SaveFinished` with its revision. Never set while a save is under way.
  std::optional<Save> persist;
  std::vector<Effect> effects;
};

}  // namespace vedette::core
