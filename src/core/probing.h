// What is sent to instances as time goes by: PING, INFO and hello, and a new link for one that is silent. These flow
// whatever else happens, in TILT and with a slow disk too.
#pragma once

#include "core/turn.h"

namespace vedette::core {

// A link that is silent is replaced, but no more than so many at a time whose new links have not answered yet. Silence
// of all is rather that of a machine with too much to do, ours or theirs, and thousands of new links would be more to
// do still: it would never end. Where new links do answer, as after a firewall has lost its memory, the next are
// replaced at once.
inline constexpr std::size_t kReplacedAtOnce = 64;
// One that answers nothing, nor breaks, is not waited for any longer.
inline constexpr Micros kReplacementPatience = 500ms;

void probe_servers(Turn& turn, Primary& primary);
void probe_peer(Turn& turn, Peer& peer);
void send_hellos(Turn& turn, Primary& primary);

// --- Evidence that comes back ---
void note_link_up(Turn& turn, Health& health);
void note_link_down(Turn& turn, Health& health, LinkFault fault);
void note_ping_reply(Turn& turn, Health& health, proto::PingReply reply);
// Its new link, if it was replaced, has answered or is gone: another may be replaced.
void note_replaced(Turn& turn, InstanceId instance);

// The next INFO and hello to this server are sent at once: its link is new, or what they tell may have changed.
void refresh_server(Server& server);

}  // namespace vedette::core
