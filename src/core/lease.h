// Leases: for how long a leader may act on the votes that it has, and how long those who gave them let it.
//
// Whoever was elected asks all voters again at once, and then every ask period, until its promotion has happened or is
// given up. An answer that repeats a vote is a promise, for a lease; one that gives it is not. A leader orders a
// promotion only while promises of a majority are younger than the lease, counted from when it *asked*; a voter gives
// way for as long, counted from when it *was* asked, which is later. So two leaders of two epochs, both rightly
// elected, do not both act; and when a leader dies, is cut off or gives up, the next one stands after a lease, and not
// after two failover timeouts.
//
// Stock sentinels do not know of this: to one of them way is given as the original does.
//
// Source of the rules: docs/FAILOVER.md, "Leases".
#pragma once

#include <optional>

#include "core/state.h"

namespace vedette::core {

// Whether this peer is a Vedette, as far as we know.
bool keeps_leases(const State& state, const RunId& peer);
// Or whether it may be one, since it has not said what it is yet.
bool may_keep_leases(const State& state, const RunId& peer);
bool all_keep_leases(const State& state, const Primary& primary);

// Until when the promises of those who elected us let us act, in the past if they never did. Nullopt: for ever, since
// nobody else's are needed.
std::optional<Instant> lease_end(const State& state, const Primary& primary);

// How long a sentinel that voted for `leader` leaves the failover to it.
Micros way_given(const State& state, const Primary& primary, const RunId& leader);

}  // namespace vedette::core
