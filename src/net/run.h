// The life of the process as a sentinel.
#pragma once

#include <string>

namespace vedette::net {

// Reads the configuration file, opens the log, and serves until told to end. What is wrong before there is a log goes
// to the standard error. Returns the exit status of the process.
int run_sentinel(const std::string& config_file);

}  // namespace vedette::net
