// How the program was called, as far as it is about running a sentinel.
#pragma once

#include <string>

namespace vedette::net {

struct Invocation {
  std::string program = {};           // as it was called: argv[0]
  std::string config_file = {};       // empty: none
  bool reads_standard_input = false;  // more directives come from there
  std::string directives = {};        // of the command line, one a line; they are read last
};

}  // namespace vedette::net
