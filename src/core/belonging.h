// Whose is a server? A pure decision with its evidence, asked before a server is made a replica or a primary, before it
// counts as one of a group, and before a configuration that names it is taken over.
//
// Addresses are given again within seconds where pods come and go, and many groups have one name. So neither an address
// nor a name proves anything: who answers at the address of a replica of ours may be a server of somebody else, and to
// make it a replica would destroy its data.
//
// Source of the rules: docs/FAILOVER.md, "Whose is it?".
#pragma once

#include <optional>
#include <string_view>

#include "core/state.h"

namespace vedette::core {

enum class Owner : std::uint8_t {
  kUnknown,  // it has told nothing on its present connection
  kOurs,
  kAmbiguous,  // nothing shows whose it is, and it has data unlike what was known at its address
  kForeign,
};

// What the decision rests on: the first that applies, in this order.
enum class Evidence : std::uint8_t {
  kNone,
  // Ours:
  kProcess,    // the process that we know
  kHistory,    // its replication id is one of the group's
  kFollowsUs,  // it follows a server of the group
  kUntold,     // nothing is known by which it could be told apart
  // Foreign:
  kMonitoredElsewhere,  // its history is that of another primary that we monitor
  kFollowsOthers,       // it follows, with its link up, a server that is not of the group
  kClaimed,             // other sentinels name it, or whom it follows, as the primary of a group of theirs
  kLeadsOthers,         // it has replicas that the group does not know
  kNeverOurs,           // it has data of another history, and nothing of ours was ever known at its address
  // By its data:
  kEmpty,         // it has none: ours
  kLikeBefore,    // about as many keys as were known at its address: ours
  kWanted,        // unlike what was known, and at the primary's address: ours
  kUnlikeBefore,  // ambiguous
  kUnknownData,   // a replica of ours was known at its address, and nothing of its data: ambiguous
};

struct Belonging {
  Owner owner = Owner::kUnknown;
  Evidence evidence = Evidence::kNone;
  std::optional<Address> other;  // whom it follows, or the primary that others name
  std::string_view group;        // the name under which it is known elsewhere; lives as long as the state
};

// By what it said on its present connection; before that `kUnknown`. `server` is of `primary`, whatever its role.
Belonging belonging_of(const State& state, const Primary& primary, const Server& server, Instant now);

// It has answered INFO on its present connection, so what is known of it is of the process that is there.
bool is_heard(const Server& server);

// Evidence that cannot be a coincidence: by it a server may count as a new one of the group.
bool is_proof(Evidence evidence);

// It has the group's data, as far as it has any. Who only follows a server of the group may never have reached it.
bool is_same_data(Evidence evidence);

// A sentence without its subject, for people: "follows 10.0.0.9:6379, which is not of this group".
std::string describe(const Belonging& belonging, const Names& names);

// The server that it follows, with its link up or broken for less than `patience`, and that is not of the group; null
// if there is none. A relay's upstream is of its group in this sense.
const Address* followed_outside(const Names& names, const Primary& primary, const Server& server, Micros patience);

// It leads the group: a primary or, of a relay, a replica of the upstream.
bool leads_group(const Names& names, const Primary& primary, const Server& server);

}  // namespace vedette::core
