// What is sent to instances as time goes by: PING, INFO and hello, and a new link for one that is silent. These flow
// whatever else happens, in TILT and with a slow disk too.
#pragma once

#include "core/turn.h"

namespace vedette::core {

void probe_servers(Turn& turn, Primary& primary);
void probe_peer(Turn& turn, Peer& peer);
void send_hellos(Turn& turn, Primary& primary);

// --- Evidence that comes back ---
void note_link_up(Turn& turn, Health& health);
void note_link_down(Turn& turn, Health& health, LinkFault fault);
void note_ping_reply(Turn& turn, Health& health, proto::PingReply reply);

// The next INFO and hello to this server are sent at once: its link is new, or what they tell may have changed.
void refresh_server(Server& server);

}  // namespace vedette::core
