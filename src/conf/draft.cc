#include "conf/draft.h"

#include <fmt/format.h>

#include "conf/suggestion.h"
#include "conf/values.h"

namespace vedette::conf {

Result<MonitoredPrimary*> Draft::find_primary(std::string_view name) {
  if (MonitoredPrimary* primary = primary_named(name)) return primary;
  std::vector<std::string_view> names;
  for (const MonitoredPrimary& primary : configuration.sentinel.primaries) names.push_back(primary.name);
  return Error{
      fmt::format("no 'sentinel monitor' line names the primary {}{}", shown(name), did_you_mean(name, names))};
}

MonitoredPrimary* Draft::primary_named(std::string_view name) {
  const auto found = primaries_.find(std::string(name));
  return found == primaries_.end() ? nullptr : &configuration.sentinel.primaries[found->second];
}

Result<Address> Draft::read_address(std::string_view host, std::string_view port) const {
  auto checked_host = read_host(host, configuration.sentinel.resolve_hostnames);
  if (!checked_host) return checked_host.error();
  const auto checked_port = read_port(port);
  if (!checked_port) return checked_port.error();
  return Address{*std::move(checked_host), *checked_port};
}

void Draft::ignore_comment(std::string_view reason) {
  if (++ignored_comments_ > kMaxNotedComments + 1) return;
  notes.push_back(ignored_comments_ > kMaxNotedComments
                      ? "More comments are ignored than these"
                      : fmt::format("The comment in line {} is ignored: {}", line_number, reason));
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
