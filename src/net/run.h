// The life of the process as a sentinel.
#pragma once

#include "net/invocation.h"
#include "net/process_title.h"

namespace vedette::net {

// Reads the configuration, opens the log, and serves until told to end. What is wrong before there is a log goes to the
// standard error. Returns the exit status of the process. `title` may be null: then the command line stays visible.
int run_sentinel(const Invocation& invocation, ProcessTitle* title);

}  // namespace vedette::net
