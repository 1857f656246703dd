// Plays the scenarios in tests/fixtures/core: what happens to one sentinel, and what it must do. Each is a text to be
// read; VEDETTE_REWRITE in the environment replaces the expected outputs by the actual ones.
#include "tests/support/fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/scenario.h"

namespace vedette::core {
namespace {

const std::filesystem::path kScenarios = std::filesystem::path(VEDETTE_FIXTURES) / "core";

std::vector<std::string> scenario_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kScenarios)) {
    if (entry.path().extension() == ".txt") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class Scenario : public ::testing::TestWithParam<std::string> {};

TEST_P(Scenario, GoesAsWritten) {
  const std::string path = "core/" + GetParam() + ".txt";
  const std::string text = testing::read_fixture_file(path);
  const std::string played = testing::play(text);
  if (std::getenv("VEDETTE_REWRITE") != nullptr) {
    std::ofstream(std::filesystem::path(VEDETTE_FIXTURES) / path, std::ios::binary) << played;
  } else {
    EXPECT_EQ(played, text);
  }
}

INSTANTIATE_TEST_SUITE_P(Core, Scenario, ::testing::ValuesIn(scenario_names()),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace vedette::core
