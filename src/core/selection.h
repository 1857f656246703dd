// Which replica to promote, and why not the others. A pure function of what is known of them.
//
// Source of the rules: docs/FAILOVER.md, "Choosing the replica".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/state.h"

namespace vedette::core {

enum class Fitness : std::uint8_t {
  kChosen,
  kBehindChosen,       // fit, but another one is preferred
  kDown,               // subjectively down
  kDisconnected,       // no link
  kSilent,             // no valid reply to a PING for five ping-periods
  kNoInfo,             // never answered INFO
  kStaleInfo,          // its last INFO is too old to rely on
  kPriorityZero,       // the operator wants it never to be promoted
  kNeverSynchronised,  // it has no data of the primary
  kEmpty,              // it came up without any data, and another has or had some
  kLoading,            // it does not have its data in memory yet
  kSynchronising,      // in the middle of a full synchronisation: it has half of the data
  kDoubtful,           // nothing shows that its data is of this group
  kLinkDownTooLong,    // cut off from the primary for too long: its data is old
  kForeignLineage,     // its data does not come from this group
};
std::string_view explain(Fitness fitness);

struct Candidate {
  InstanceId id{};
  Address address;
  Fitness fitness = Fitness::kBehindChosen;
  int priority = 0;
  std::uint64_t offset = 0;
  RunId run_id;
};

struct Selection {
  std::vector<Candidate> candidates;  // all replicas, in the order of their addresses
  // These had more data when they were last heard than the best of those that can be reached, and are awaited until
  // then: for a moment, or for as long as a failover may take if all others are empty.
  std::vector<Address> awaited{};
  std::optional<Instant> awaited_until{};
  bool is_without_data = false;     // the chosen one is empty: so are all that can be reached
  const Candidate* chosen() const;  // null: none is fit
};

// A choice is made by fresh INFO; who would be chosen can be told by any.
enum class InfoAge : std::uint8_t { kFresh, kAny };

// Prefers, among the fit: one that already is a primary with this primary's history (a leader promoted it and died),
// then those with the present history of the group to those with an earlier one, then those that have synchronised
// since their start, then the lowest priority, the greatest offset, the most keys, the smallest run id.
//
// If none is fit, one whose history is not known to be of this group is taken if it follows a server of this group:
// after restarts we may not know what we once did, and without a primary the group would wait for ever. The very last
// is an empty one: not over one with data, and not before those that had data have had time to come back.
Selection select_replica(const State& state, const Primary& primary, Instant now, InfoAge accepted = InfoAge::kFresh);

// What puts the chosen one before another that is fit too, in the order in which it counts.
enum class Advantage : std::uint8_t {
  kNone,  // it was chosen before, and would not be now
  kAlreadyPromoted,
  kPresentHistory,
  kSynchronised,
  kPriority,
  kOffset,
  kKeys,
  kRunId,
};
Advantage advantage_of(const Primary& primary, const Candidate& chosen, const Candidate& other);
// "it has ...", without the "it".
std::string_view explain(Advantage advantage);

// One line for people: "10.0.0.2:6379 chosen: priority 100, offset 4711", "10.0.0.3:6379 rejected: its priority is 0,
// ...".
std::string describe(const Candidate& candidate);

// Whether a replica reports to be a primary that continues the present history of a group: a promotion, by whoever.
bool is_promoted_from(const Server& replica, const Histories& histories);

}  // namespace vedette::core
