// How links tell the core what has happened.
#pragma once

#include <functional>

#include "base/time.h"
#include "core/input.h"

namespace vedette::node {

using Facts = std::function<void(Instant, const core::Input&)>;

}  // namespace vedette::node
