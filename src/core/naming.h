// What follows when a host name leads elsewhere, or when the settings of names change.
#pragma once

#include "core/input.h"
#include "core/turn.h"

namespace vedette::core {

// Who was known by two addresses that turn out to be one place is known once from then on.
void take_name(Turn& turn, const NameResolved& fact);

void set_naming(Turn& turn, const SetNaming& order);

}  // namespace vedette::core
