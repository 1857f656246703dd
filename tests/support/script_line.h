// One line of a scenario: words, then options. `hello from=b epoch=5`.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/time.h"

namespace vedette::testing {

class ScriptLine {
 public:
  explicit ScriptLine(std::string_view text);

  // All that follows throws std::invalid_argument with what is wrong.
  const std::string& word(std::size_t index) const;
  std::size_t words() const { return words_.size(); }
  Address address(std::size_t index) const;

  bool has(const std::string& option) const;
  const std::string& option(const std::string& name) const;
  Address address_option(const std::string& name) const;
  std::uint64_t number(const std::string& name) const;
  Epoch epoch(const std::string& name) const { return Epoch{number(name)}; }
  char digit(const std::string& name) const;  // a run id or a replication id, by its one digit
  bool yes(const std::string& name) const;

  // Every option must have been looked at.
  void refuse_rest() const;

 private:
  std::vector<std::string> words_;
  std::map<std::string, std::string> options_;
  mutable std::set<std::string> seen_;
};

Address parse_address(std::string_view text);
std::uint64_t parse_number(std::string_view text);

}  // namespace vedette::testing
