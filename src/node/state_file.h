// Between the configuration file and the core: what is known at start, and what is to be saved.
#pragma once

#include "conf/model.h"
#include "core/core.h"
#include "node/acl/users.h"

namespace vedette::node {

// `new_id` is taken where the file has none yet.
core::Knowledge knowledge_from(const conf::SentinelSettings& settings, const RunId& new_id);

core::Naming naming_of(const conf::SentinelSettings& settings);

// The settings as they are to be written: those of the file, with everything that the core has changed or found out
// since. First those of the sentinel itself, without any primary; then what belongs to one; then all.
conf::SentinelSettings own_settings(const conf::Configuration& configuration, const core::State& state,
                                    const acl::Users& users);
conf::MonitoredPrimary monitored_from(const core::Primary& primary, const core::State& state);
conf::SentinelSettings settings_with(const conf::Configuration& configuration, const core::State& state,
                                     const acl::Users& users);

// The users at start: of the ACL file, whose text this is, if the configuration names one; else of its own lines.
Result<acl::Users> users_from(const conf::Configuration& configuration, std::string_view acl_text);

}  // namespace vedette::node
