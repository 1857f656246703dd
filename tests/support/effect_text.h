// The effects of a core and its state, as lines for people: what fixtures expect.
#pragma once

#include <functional>
#include <string>

#include "core/effect.h"
#include "core/explain.h"

namespace vedette::testing {

// What an instance is called in a fixture: "10.0.0.2:6379", or the letter of a peer.
using InstanceName = std::function<std::string(InstanceId)>;

std::string to_text(const core::Effect& effect, const InstanceName& name_of);

std::string to_text(const core::State& state);
std::string to_text(const core::Explanation& explanation);

// Ids of forty equal digits as one digit.
std::string with_short_ids(const std::string& text);

// Milliseconds since the start, with microseconds only where there are some: "1000", "1000.250".
std::string to_text(Instant at);

}  // namespace vedette::testing
