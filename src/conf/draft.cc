#include "conf/draft.h"

#include <fmt/format.h>

#include "conf/suggestion.h"
#include "conf/values.h"

namespace vedette::conf {

Result<MonitoredPrimary*> Draft::find_primary(std::string_view name) {
  auto& primaries = configuration.sentinel.primaries;
  if (const auto found = primaries_.find(std::string(name)); found != primaries_.end()) {
    return &primaries[found->second];
  }
  std::vector<std::string_view> names;
  for (const MonitoredPrimary& primary : primaries) names.push_back(primary.name);
  return Error{
      fmt::format("no 'sentinel monitor' line names the primary {}{}", shown(name), did_you_mean(name, names))};
}

Result<MonitoredPrimary*> Draft::add_primary(std::string_view name) {
  auto& primaries = configuration.sentinel.primaries;
  if (primaries.size() >= kMaxPrimaries) {
    return Error{fmt::format("more than {} primaries: share them among several sentinels", kMaxPrimaries)};
  }
  if (!primaries_.try_emplace(std::string(name), primaries.size()).second) {
    return Error{fmt::format("the primary {} is monitored twice", shown(name))};
  }
  primaries.emplace_back().name = name;
  return &primaries.back();
}

Status Draft::claim(const std::string& key, std::string_view what) {
  const auto [claimed, is_new] = claimed_keys_.try_emplace(key, line_number);
  if (is_new) return Ok{};
  return Error{fmt::format("{} is given twice: line {} has it already", what, claimed->second)};
}

}  // namespace vedette::conf
