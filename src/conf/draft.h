// A configuration while it is being read from the lines of a file.
#pragma once

#include <optional>
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
  static constexpr std::size_t kMaxNotedComments = 100;

  // What comments say of one primary.
  struct Remembered {
    std::optional<Epoch> epoch;                        // of which the last lineage is; nullopt: there is none
    std::unordered_map<Address, std::size_t> servers;  // -> index in `known_servers`
  };

  explicit Draft(IsExecutable may_execute) : is_executable(std::move(may_execute)) {}

  const IsExecutable is_executable;
  Configuration configuration;
  std::size_t line_number = 0;  // of the line that is being read
  Rank rank = Rank::kFile;      // of the source of that line
  std::vector<std::string> notes;
  std::unordered_map<std::string, Remembered> remembered;  // by the name of the primary

  // The primary of that name, or an error that says which line is missing.
  Result<MonitoredPrimary*> find_primary(std::string_view name);

  // Null: there is none.
  MonitoredPrimary* primary_named(std::string_view name);

  Result<Address> read_address(std::string_view host, std::string_view port) const;

  // Notes why the comment that is being read does not count: a comment never stops a start.
  void ignore_comment(std::string_view reason);

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
  std::size_t ignored_comments_ = 0;
};

}  // namespace vedette::conf
