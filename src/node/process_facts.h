// What `INFO` and `CLIENT LIST` say about this process and that the node cannot know by itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/ids.h"
#include "base/time.h"
#include "conf/model.h"

namespace vedette::node {

struct ProcessFacts {
  std::uint64_t pid = 0;
  std::string executable;
  std::string config_file;
  std::string os;                                   // "Linux 6.1.0 x86_64"
  std::string version;                              // ours
  RunId run_id;                                     // of this run of the process, not the sentinel's identity
  RunId new_sentinel_id;                            // the sentinel's identity, if the file has none yet
  std::string acl_text;                             // of the ACL file, if the configuration names one
  std::uint16_t port = 0;                           // where we listen
  unsigned max_clients = conf::kDefaultMaxClients;  // the file's, or fewer where we may not open so many files
};

// Processor time that this process has taken so far.
struct CpuUsage {
  Micros system{0};
  Micros user{0};
  Micros system_of_children{0};
  Micros user_of_children{0};
};

// What the memory of the process is, to the system and to the allocator.
struct ProcessMemory {
  std::size_t resident_bytes = 0;   // of physical memory
  std::size_t allocated_bytes = 0;  // in use
  std::size_t free_bytes = 0;       // given back to the allocator, and kept by it for what comes next
};

}  // namespace vedette::node
