// `vedette sim --conf sentinel.conf --kill primary@10s`: what would happen to the groups of somebody's configuration,
// with its times and quorums: a timeline of one run, and of many runs how long nothing could be written.
#pragma once

#include <string>
#include <vector>

namespace vedette::apps {

struct WhatIfSettings {
  std::string conf;
  unsigned sentinels = 0;  // 0: as many as the file knows
  unsigned replicas = 0;   // 0: as many as the file knows, or two
  unsigned stock = 0;
  unsigned runs = 200;               // each with other delays
  std::vector<std::string> actions;  // "kill primary@10s", as the options give them
};

// The exit status: 0, or that of a run after which the group did not come right again (see `runner.h`). Throws where
// the file or an action cannot be understood.
int show_what_if(const WhatIfSettings& settings);

}  // namespace vedette::apps
