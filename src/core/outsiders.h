// Servers that are watched but do not count as ones of the group: strangers at the address of a replica, or of the
// primary; and those that others name as the primary, which are asked whose they are.
//
// Source of the rules: docs/FAILOVER.md, "Whose is it?".
#pragma once

#include "core/turn.h"

namespace vedette::core {

// What is announced of strangers is announced again after so long, as long as it lasts.
inline constexpr Micros kReminder = 1h;

// Takes strangers out of the replicas, and back what is ours again; notes whether one is at the primary's address.
void settle_outsiders(Turn& turn, Primary& primary);

// After a restart: a stranger's process was at this address of the primary or a replica. It is a stranger still if it
// is there.
void remember_stranger(Turn& turn, Primary& primary, const Address& address, const RunId& process);

// A server of the group has answered INFO: its history, and by what it will be recognised, are kept.
void note_own(Turn& turn, Primary& primary, Server& server);

// A hello was heard on a server of `owner`: whom other sentinels take it for.
void note_claim(Turn& turn, Primary& owner, Server& server, const proto::Hello& hello);

// Whether a server may be told to change its role: it is known to be ours; or nothing is known against it, and the
// operator does not ask for proof. The latter is to be left alone for a while first.
bool takes_orders(const State& state, const Primary& primary, const Server& server, Instant now);

// Whether our hellos may go there: what strangers hear of us makes them take us for voters of theirs.
bool may_hear_of_us(Turn& turn, const Primary& primary, const Server& server);

// True at most once in `kReminder`, as which it notes it.
bool may_remind(Turn& turn, std::optional<Instant>& announced_at);

}  // namespace vedette::core
