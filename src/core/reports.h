// What an INFO tells: identity, role, replicas, replication.
#pragma once

#include <string>

#include "core/turn.h"

namespace vedette::core {

// `server` is the primary's or one of its replicas'.
void take_info(Turn& turn, Primary& primary, Server& server, std::string_view text);

}  // namespace vedette::core
