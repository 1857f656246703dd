// Who belongs to whom: adding and removing primaries, replicas and sentinels, and moving a primary to another of its
// servers. These keep the state, the directory and the links in step; nothing else changes the maps of the state.
#pragma once

#include <vector>

#include "core/turn.h"

namespace vedette::core {

// Limits of what others can make us know.
inline constexpr std::size_t kMaxReplicasPerPrimary = 4096;
inline constexpr std::size_t kMaxSentinelsPerPrimary = 256;
inline constexpr std::size_t kMaxInquiriesPerPrimary = 8;  // of outsiders that are at no replica's address

// It is an error to add what is there already.
Primary& add_primary(Turn& turn, const std::string& name, const Address& address, const PrimarySettings& settings);
void remove_primary(Turn& turn, const std::string& name);

// Null, and nothing is added, when the limit is reached.
Replica* add_replica(Turn& turn, Primary& primary, const Address& address);
Sentinel* add_sentinel(Turn& turn, Primary& primary, const RunId& id, const Address& address);
// Dropping the last primary's use of a peer drops the peer.
void remove_sentinel(Turn& turn, Primary& primary, const RunId& id);
void remove_replica(Turn& turn, Primary& primary, const Address& address);
void remove_all_replicas(Turn& turn, Primary& primary);

// A server at an address that is neither the primary's nor a replica's, to be asked whose it is. Null, and nothing is
// added, when the limit is reached.
Outsider* add_outsider(Turn& turn, Primary& primary, const Address& address);
void remove_outsider(Turn& turn, Primary& primary, const Address& address);
void remove_all_outsiders(Turn& turn, Primary& primary);
// A replica's place has been taken by a stranger; or it is there again. Links and evidence go with the server.
Outsider& exclude_replica(Turn& turn, Primary& primary, const Address& address);
Replica& readmit_replica(Turn& turn, Primary& primary, const Address& address);
void remove_all_sentinels(Turn& turn, Primary& primary);

// The peer process answers at another address from now on.
void move_peer(Turn& turn, Peer& peer, const Address& address);

// Makes the server at `address` the primary, and the present primary one of the replicas. Links and evidence go with
// the servers; what concerned the old primary alone (ODOWN, opinions, a failover) is over.
void move_primary(Turn& turn, Primary& primary, const Address& address);

// Where the primary is, as the directory has it.
Address place_of(const Turn& turn, const Primary& primary);

// Two addresses of one process: it has told us the same run id at both.
bool is_one_process(const Server& one, const Server& other);
// The same, or both are at one place: what is sent to one may reach the other. Nobody is to follow itself.
bool may_be_one(const Names& names, const Server& one, const Server& other);

// Where clients are to write: the promoted replica from its promotion on, even while the others are being reconfigured.
const Address& current_address(const Primary& primary);
Configuration current_configuration(const Primary& primary);

// The primaries that a peer watches too, as far as we know, in the order of their names.
std::vector<Primary*> primaries_of_peer(State& state, const Peer& peer);

// Those of an operator. The pace at which its peers are asked follows.
void apply_settings(State& state, Primary& primary, const PrimarySettings& settings);

}  // namespace vedette::core
