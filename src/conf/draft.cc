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
  const auto claimed = claim("monitor\n" + std::string(name), fmt::format("the primary {}", shown(name)));
  if (!claimed) return claimed.error();
  if (!*claimed) return &(unseen_ = MonitoredPrimary{});
  primaries_.emplace(name, primaries.size());
  primaries.emplace_back().name = name;
  return &primaries.back();
}

Result<bool> Draft::claim(const std::string& key, std::string_view what) {
  const auto [claimed, is_new] = claims_.try_emplace(key, Claim{line_number, rank});
  const Claim& earlier = claimed->second;
  if (is_new || earlier.rank != rank) return is_new;
  return Error{fmt::format("{} is given twice: line {} has it already", what, earlier.line_number)};
}

}  // namespace vedette::conf
