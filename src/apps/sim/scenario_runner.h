// `vedette sim --scenario FILE`: plays the scenarios of a file, and says which did not go as they should.
#pragma once

#include <string>

namespace vedette::apps {

struct ScenarioRunSettings {
  std::string file;
  bool trace = false;    // print everything that happens
  bool diagram = false;  // and a sequence diagram of each, in Mermaid's language
};

// The exit status: 0 if all went as expected, see `runner.h` for the others.
int run_scenarios(const ScenarioRunSettings& settings);

}  // namespace vedette::apps
