// What sentinels say of a primary is believed only if it can be about our group: the server that they name is our
// primary or a replica of ours, or shows that its data is ours when it is asked. Until then it is hearsay: it makes no
// voter, no configuration and no epoch.
//
// Source of the rules: docs/FAILOVER.md, "Whose is it?".
#pragma once

#include "core/turn.h"

namespace vedette::core {

// More are not kept for one primary; who has been silent for longest goes first.
inline constexpr std::size_t kMaxHearsay = 64;

enum class Standing : std::uint8_t { kOurs, kForeign, kUndecided };

// Whether what a hello says is about our group, by what is known now. It may have been heard a while ago. Who is not
// known yet and is heard on strangers only is of theirs, most likely: a sentinel of ours is heard on servers of ours,
// too.
Standing standing_of(const State& state, const Primary& primary, const Hearsay& said, Instant now);

// Keeps a hello that is not about our group, or not known to be. Who is named is asked, if there is room.
void note_hearsay(Turn& turn, Primary& primary, const Hearsay& said);

// Believes what has turned out to be about our group, tells people of what has not, and forgets what is not said any
// more. A sentinel that follows another group is no voter of ours.
void settle_hearsay(Turn& turn, Primary& primary);

}  // namespace vedette::core
