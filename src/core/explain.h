// Why there is or is not a failover of a primary now: the facts, gathered for people. It only looks. What the rules
// decide is asked of them and not decided anew, so that what is told is what happens.
//
// How this is worded is no concern of the core; the words below are names for programs.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/detection.h"
#include "core/durability.h"
#include "core/selection.h"

namespace vedette::core {

// Where a primary stands between being well and being replaced, as this sentinel sees it.
enum class Situation : std::uint8_t {
  kWell,           // it gives signs of life
  kUnplaced,       // no name server has told us yet where it is
  kSuspected,      // it will be SDOWN unless it recovers
  kHeldBack,       // it would be SDOWN, did not most of its replicas hear from it
  kNotAgreed,      // SDOWN, and fewer than the quorum say so
  kBeforeTurn,     // ODOWN, and others may stand for election first
  kGivingWay,      // ODOWN, and another has our vote and time to fail over
  kPausing,        // ODOWN, and our last attempt came to nothing
  kStanding,       // a failover of ours: votes are asked for
  kSelecting,      // elected: fresh INFO of the replicas is awaited
  kPromoting,      // a replica is being made the primary
  kReconfiguring,  // it is one, and the others are turned to it
  kConfirming,     // another configuration of our epoch is about, and ours is being saved at a new one
  kTilt,           // this process stood still, and does not act for a while
};
std::string_view to_string(Situation situation);

// What has to come before anything changes.
enum class Awaited : std::uint8_t {
  kName,             // a name server to tell where it is
  kRecovery,         // a sign of life of the primary; SDOWN without it
  kOpinions,         // of peers; they are asked again at the deadline
  kTurn,             // ours to stand for election
  kDelay,            // the time that another is given, or between two attempts
  kSave,             // what the next step rests on is not on disk yet
  kVotes,            // of peers; without them the candidacy ends, or goes on alone if an operator ordered it
  kReplica,          // one with more data than those that can be reached; or, without a deadline of its own, a fit one
  kFreshInfo,        // of the replicas; the choice is made without it
  kLink,             // to the replica to be promoted
  kPromotion,        // the replica to say that it is a primary
  kReconfiguration,  // of the other replicas
  kTiltOver,         // until then this sentinel does not act
};
std::string_view to_string(Awaited what);

struct Wait {
  Awaited what{};
  std::optional<Instant> until;  // nullopt: however long it takes
};

enum class Sight : std::uint8_t { kUnknown, kUp, kDown };
std::string_view to_string(Sight sight);

// What one peer thinks, as far as we know.
struct PeerView {
  RunId id;
  InstanceId peer{};
  bool reachable = false;  // connected and not SDOWN: its vote can be had
  Sight sight = Sight::kUnknown;
  std::optional<Instant> said_at;  // of `sight`, unless that is unknown
  bool expired = false;            // said so long ago that it does not count any more
};

struct Explanation {
  Situation situation{};
  std::optional<Instant> silent_since;  // since when the primary owes a sign of life
  DownVerdict verdict;
  std::vector<PeerView> peers;

  // Two thresholds: the quorum of those who see it down, and the majority of votes.
  std::size_t down_opinions = 0;  // our own included
  unsigned quorum = 0;
  std::size_t voters = 0;            // all known sentinels, ourselves included
  std::size_t reachable_voters = 0;  // likewise
  std::size_t majority = 0;          // votes needed
  std::size_t votes = 0;             // for us, in the candidacy that is open

  std::size_t witnesses = 0;  // replicas that have heard from the primary although we do not
  Selection selection;        // who is or would be promoted, and why not the others
  std::optional<Wait> wait;   // nullopt: nothing is to come

  bool majority_reachable() const { return reachable_voters >= majority; }
};

Explanation explain(const State& state, const Durability& durability, const Primary& primary, Instant now);

}  // namespace vedette::core
