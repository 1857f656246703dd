// Configurations for tests: parsing that must succeed, and comparison where the order has no meaning.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "conf/file.h"

namespace vedette::testing {

inline conf::File must_parse(std::string_view text) {
  auto result = conf::File::parse(text);
  if (auto* problems = std::get_if<std::vector<conf::Problem>>(&result)) {
    for (const conf::Problem& problem : *problems) {
      ADD_FAILURE() << "line " << problem.line_number << ": " << problem.line << "\n" << problem.reason;
    }
    return must_parse("");
  }
  return std::get<conf::File>(std::move(result));
}

inline conf::SentinelSettings in_any_order(conf::SentinelSettings settings) {
  std::sort(settings.primaries.begin(), settings.primaries.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  std::sort(settings.users.begin(), settings.users.end());
  for (conf::MonitoredPrimary& primary : settings.primaries) {
    std::sort(primary.replicas.begin(), primary.replicas.end(),
              [](const auto& a, const auto& b) { return a.address < b.address; });
    std::sort(primary.sentinels.begin(), primary.sentinels.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    std::sort(primary.known_servers.begin(), primary.known_servers.end(),
              [](const auto& a, const auto& b) { return a.address < b.address; });
  }
  return settings;
}

}  // namespace vedette::testing
