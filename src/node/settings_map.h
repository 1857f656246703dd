// The settings of one primary, as the configuration file and as the core have them.
#pragma once

#include "conf/model.h"
#include "core/state.h"

namespace vedette::node {

core::PrimarySettings to_core(const conf::MonitoredPrimary& primary);

// Sets the settings of `primary` and leaves the rest of it (its name, address, epochs, acquaintances) as it is.
void from_core(const core::PrimarySettings& settings, conf::MonitoredPrimary& primary);

}  // namespace vedette::node
