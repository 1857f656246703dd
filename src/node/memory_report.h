// What the memory of this process is used for: SENTINEL MEMORY. Counted from what is kept, not estimated; what the
// allocator takes for itself, the connections of the network, and what is only kept for a moment are the rest.
#pragma once

#include "base/memory_use.h"
#include "core/footprint.h"
#include "node/fields.h"
#include "node/process_facts.h"

namespace vedette::node {

struct MemoryReport {
  core::Footprint state;
  MemoryUse info_texts;     // for SENTINEL INFO-CACHE, packed
  MemoryUse links;          // to servers and peers, without
  MemoryUse link_buffers;   // what has come in and is not complete, and what was not sent or answered yet
  MemoryUse clients;        // with what they have not read
  MemoryUse configuration;  // the text of the file, and of each primary what is saved
  MemoryUse log;            // lines that wait to be written
  ProcessMemory process;
};

Fields memory_fields(const MemoryReport& report);

}  // namespace vedette::node
