// Between the configuration file and the core: what is known at start, and what is to be saved.
#pragma once

#include "conf/model.h"
#include "core/core.h"

namespace vedette::node {

// `new_id` is taken where the file has none yet.
core::Knowledge knowledge_from(const conf::SentinelSettings& settings, const RunId& new_id);

core::Naming naming_of(const conf::SentinelSettings& settings);

// The settings as they are to be written: those of the file, with everything that the core has changed or found out
// since.
conf::SentinelSettings settings_with(const conf::SentinelSettings& settings, const core::State& state);

}  // namespace vedette::node
