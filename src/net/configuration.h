// The configuration at start: read and understood, or refused with everything that is wrong with it; and the file in
// which the state is kept.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "conf/file.h"
#include "conf/journal.h"
#include "net/invocation.h"

namespace vedette::net {

struct LoadedConfiguration {
  conf::File file;
  std::string config_file;  // absolute; empty: there is none
  std::string state_file;   // absolute: where `file` is to be saved
  conf::Journal journal;    // beside it
};

// Reads all sources of the configuration, but no state file. The error is that a source cannot be read.
Result<std::variant<conf::File, std::vector<conf::Problem>>> read_configuration(const Invocation& invocation);

// What is wrong with the configuration and takes more than its text to see.
std::vector<conf::Problem> problems_here(const conf::Configuration& configuration);

// Where the state is kept, absolute. Empty: nowhere, and then there can be no sentinel.
std::string state_file_of(const conf::ServerSettings& server, const std::string& config_file);

// For a start: with the state, which is certain to be writable; a separate state file is made if it is missing. The
// error is the whole message to be shown to the person who starts us, in several lines.
Result<LoadedConfiguration> load_configuration(const Invocation& invocation);

// All problems at once, in the shape that people know from Redis.
std::string describe_problems(const std::string& path, const std::vector<conf::Problem>& problems);

}  // namespace vedette::net
