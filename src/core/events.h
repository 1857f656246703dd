// Announcing what happened, in the words of the wire. The channel names and payloads are a contract with clients and
// scripts. What is a warning is also told to the notification script of the primary that it is about.
#pragma once

#include <string>
#include <string_view>

#include "core/turn.h"

namespace vedette::core {

// The subjects of events; `primary` names the group, with the address at which it is known now.
std::string subject(const State& state, const Primary& primary);
std::string subject(const State& state, const Primary& primary, const Server& replica);
std::string subject(const State& state, const Primary& primary, const Sentinel& sentinel);

// "<subject>" or "<subject> <details>".
void announce(Turn& turn, std::string_view event, const Primary& primary, std::string_view details = {});
void announce(Turn& turn, std::string_view event, const Primary& primary, const Server& replica,
              std::string_view details = {});
void announce(Turn& turn, std::string_view event, const Primary& primary, const Replica& replica,
              std::string_view details = {});
void announce(Turn& turn, std::string_view event, const Primary& primary, const Sentinel& sentinel,
              std::string_view details = {});

// An event of a primary whose payload is no subject: an epoch, a vote, a switch.
void announce_text(Turn& turn, std::string_view event, const Primary& primary, std::string payload);

// An event of this sentinel that concerns no primary more than another.
void announce_own(Turn& turn, std::string_view event, std::string payload);

// Tells the client-reconfig-script, if there is one, that clients are to go from one address to another. `caller` is
// one of `proto::script`: whether we lead this failover.
void call_reconfig_script(Turn& turn, const Primary& primary, std::string_view caller, const Address& from,
                          const Address& to);

void log(Turn& turn, Level level, std::string text);

}  // namespace vedette::core
