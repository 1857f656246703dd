// When the state is kept in a file of its own: what holds where the conf and the state disagree.
//
// The state file remembers what the conf said when it was written (`base`). What the conf says differently now, a
// person has changed since, and that is newer than anything in the state. Everything else is as the state has it: what
// was set, added or removed while the sentinel ran. Two things are not for a person to change in passing: epochs never
// go back, and the address of a primary is that of the greater configuration epoch.
#pragma once

#include <string>
#include <vector>

#include "conf/model.h"

namespace vedette::conf {

struct Merged {
  SentinelSettings settings;
  std::vector<std::string> notes;  // what of the conf does not hold, and why
};

// What is remembered of a group's data goes with the address and the epoch of which it is.
void take_remembered(const MonitoredPrimary& from, MonitoredPrimary& to);

Merged merge(const SentinelSettings& base, const SentinelSettings& conf, const SentinelSettings& state);

}  // namespace vedette::conf
