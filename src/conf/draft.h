// A configuration while it is being read from the lines of a file.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "conf/model.h"
#include "conf/options.h"
#include "conf/sources.h"

namespace vedette::conf {

class Draft {
 public:
  explicit Draft(IsExecutable may_execute) : is_executable(std::move(may_execute)) {}

  const IsExecutable is_executable;
  Configuration configuration;
  std::size_t line_number = 0;  // of the line that is being read
  Rank rank = Rank::kFile;      // of the source of that line
  std::vector<std::string> notes;

  // The primary of that name, or an error that says which line is missing.
  Result<MonitoredPrimary*> find_primary(std::string_view name);

  // Refuses a name that a line of the same rank has taken, and more than kMaxPrimaries of them. Where a line of another
  // rank has the name, what is read now does not count: it goes to a primary that nobody sees.
  Result<MonitoredPrimary*> add_primary(std::string_view name);

  // Refuses what an earlier line of the same rank said already; `what` says to people what it is. False: a line of
  // another rank has said it, and that one counts.
  Result<bool> claim(const std::string& key, std::string_view what);

 private:
  struct Claim {
    std::size_t line_number;
    Rank rank;
  };

  std::unordered_map<std::string, std::size_t> primaries_;  // name -> index in the configuration
  std::unordered_map<std::string, Claim> claims_;           // by key
  MonitoredPrimary unseen_;
};

}  // namespace vedette::conf
