// The command line of a sentinel, in the form that `redis-sentinel` made known:
//
//   vedette [/path/to/sentinel.conf] [--<directive> <argument>...]... [-]
//
// Each `--<directive>` is a line that is read after the file; `-`, as the first or the last word, is the standard
// input.
#pragma once

#include <span>
#include <string>

#include "net/invocation.h"

namespace vedette::apps {

// `arguments` are those of `main`, the name of the program first. What makes no sense becomes a directive that makes
// none either, and is refused when it is read.
net::Invocation read_sentinel_arguments(std::span<const std::string> arguments);

}  // namespace vedette::apps
