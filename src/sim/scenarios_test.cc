// Plays every scenario of tests/fixtures/scenarios.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/stage.h"
#include "tests/support/fixture.h"

namespace vedette::sim {
namespace {

std::vector<std::string> scenario_files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(VEDETTE_FIXTURES "/scenarios")) {
    if (entry.path().extension() == ".txt") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class Scenarios : public ::testing::TestWithParam<std::string> {};

TEST_P(Scenarios, EndAsExpected) {
  const std::string path = "scenarios/" + GetParam() + ".txt";
  const auto scenarios = parse_scenarios(testing::read_fixture_file(path));
  ASSERT_TRUE(scenarios) << path << ", " << scenarios.error().message;
  for (const Scenario& scenario : *scenarios) {
    const Verdict verdict = play(scenario, nullptr);
    EXPECT_TRUE(verdict.passed) << path << ", " << scenario.title << ", " << verdict.reason;
  }
}

INSTANTIATE_TEST_SUITE_P(Files, Scenarios, ::testing::ValuesIn(scenario_files()),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace vedette::sim
