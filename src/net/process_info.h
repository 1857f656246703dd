// What the operating system says about this process and the machine.
#pragma once

#include <string>

#include "node/process_facts.h"

namespace vedette::net {

node::CpuUsage cpu_usage();
node::ProcessMemory process_memory();

std::string operating_system();  // "Linux 6.1.0 x86_64"
std::string executable_path();

}  // namespace vedette::net
