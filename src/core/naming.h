// What follows when a host name leads elsewhere, or when the settings of names change.
#pragma once

#include "core/input.h"
#include "core/turn.h"

namespace vedette::core {

// In INFO periods, a minute: for so long two servers have to be at one place before they count as one. Old answers of
// name servers usually live for less; until then one of the names may lead to where its server was before.
inline constexpr int kDoublePatience = 6;

void take_name(Turn& turn, const NameResolved& fact);

// Its servers are at other places, or others than before: patience with those that are at one place begins anew.
void watch_doubles(Turn& turn, Primary& primary);

// Whoever is known by two names or addresses that have led to one place for long, and is one process, is known once
// from then on. One of the rules of a primary.
void merge_doubles(Turn& turn, Primary& primary);

// The primary that a question about this address means; null if none. Of several at one place the one that is known by
// that very name or address, otherwise the first by its own name.
Primary* primary_at(Turn& turn, const Address& address);

void set_naming(Turn& turn, const SetNaming& order);

}  // namespace vedette::core
