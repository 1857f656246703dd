// What operators order with `SENTINEL` commands. Each order is answered once what it changed is durable.
#pragma once

#include "core/input.h"
#include "core/turn.h"

namespace vedette::core {

void carry_out(Turn& turn, const Monitor& order);
void carry_out(Turn& turn, const Remove& order);
void carry_out(Turn& turn, const Set& order);
void carry_out(Turn& turn, const FailoverNow& order);
// Whether such an order would be accepted, and why not.
Status may_fail_over(const State& state, const Primary& primary, Instant now);
void carry_out(Turn& turn, const Reset& order);
void carry_out(Turn& turn, const Flush& order);

}  // namespace vedette::core
