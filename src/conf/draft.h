// A configuration while it is being read from the lines of a file.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/result.h"
#include "conf/model.h"
#include "conf/options.h"

namespace vedette::conf {

class Draft {
 public:
  explicit Draft(IsExecutable may_execute) : is_executable(std::move(may_execute)) {}

  const IsExecutable is_executable;
  Configuration configuration;
  std::size_t line_number = 0;  // of the line that is being read

  // The primary of that name, or an error that says which line is missing.
  Result<MonitoredPrimary*> find_primary(std::string_view name);

  // Refuses a name that is taken, and more than kMaxPrimaries of them.
  Result<MonitoredPrimary*> add_primary(std::string_view name);

  // Refuses what an earlier line said already; `what` says to people what it is.
  Status claim(const std::string& key, std::string_view what);

 private:
  std::unordered_map<std::string, std::size_t> primaries_;     // name -> index in the configuration
  std::unordered_map<std::string, std::size_t> claimed_keys_;  // -> the line that claimed it
};

}  // namespace vedette::conf
