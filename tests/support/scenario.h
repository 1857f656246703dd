// Scenarios: text files that say what happens to one sentinel and what it does, step by step.
//
//   # Prose for people. It may stand anywhere.
//   === a title: everything starts anew
//
//   commands
//   ----
//   1000 what the core did, and when, in milliseconds since the start
//
// A step ends with a blank line. The commands are listed in tests/fixtures/core/README.md.
#pragma once

#include <string>
#include <string_view>

namespace vedette::testing {

// The whole text, with the outputs that the run gives in the place of those that were there.
std::string play(std::string_view text);

}  // namespace vedette::testing
