// The options of one primary, shared by the configuration file (`sentinel <option> <name> <value>...`) and by the
// command `SENTINEL SET <name> <option> <value>...`. Whatever is accepted here can be written to a file and read back.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "conf/model.h"

namespace vedette::conf {

using Words = std::span<const std::string>;

struct PrimaryOption {
  std::string_view name;
  std::string_view other_name;  // another spelling, or empty
  std::size_t arity;            // how many values it takes
  // Sets it; on failure nothing has changed. It is an error to call this with another number of values than `arity`.
  Status (*set)(MonitoredPrimary&, Words values);
};

// Whatever the case and the spelling of the name; nullptr: there is no such option.
const PrimaryOption* find_primary_option(std::string_view name);

// Sets one option; on failure nothing has changed. An empty auth-pass, auth-user or script unsets it, and so does a
// command renamed to itself. Whether a script can be executed is for the caller to find out.
Status apply_primary_option(MonitoredPrimary& primary, std::string_view option, Words values);

// Whether the option names a script, which must exist and be executable, and what is said of one that is not.
bool is_script(std::string_view option);
std::string_view not_executable(std::string_view option);

// Whether there is something that we may execute: a question to the machine, which this layer does not know.
using IsExecutable = std::function<bool(const std::string& path)>;

}  // namespace vedette::conf
