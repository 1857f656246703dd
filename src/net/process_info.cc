#include "net/process_info.h"

#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "base/text.h"
#include "net/files.h"

namespace vedette::net {
namespace {

Micros duration_of(const timeval& time) { return Seconds(time.tv_sec) + Micros(time.tv_usec); }

// The second number of this file, in pages.
std::size_t resident_bytes() {
  const auto text = read_file("/proc/self/statm", 4096);
  if (!text) return 0;
  const auto numbers = split(*text, ' ');
  const auto pages = numbers.size() < 2 ? std::nullopt : parse_integer<std::size_t>(numbers[1]);
  return pages.value_or(0) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

node::CpuUsage cpu_usage() {
  rusage own{};
  rusage children{};
  getrusage(RUSAGE_SELF, &own);
  getrusage(RUSAGE_CHILDREN, &children);
  return {.system = duration_of(own.ru_stime),
          .user = duration_of(own.ru_utime),
          .system_of_children = duration_of(children.ru_stime),
          .user_of_children = duration_of(children.ru_utime)};
}

node::ProcessMemory process_memory() {
  node::ProcessMemory memory;
  memory.resident_bytes = resident_bytes();
#ifdef __GLIBC__
  const struct mallinfo2 allocator = mallinfo2();
  memory.allocated_bytes = allocator.uordblks + allocator.hblkhd;
  memory.free_bytes = allocator.fordblks;
#endif
  return memory;
}

std::string operating_system() {
  utsname name{};
  uname(&name);
  return fmt::format("{} {} {}", name.sysname, name.release, name.machine);
}

std::string executable_path() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).string();
}

}  // namespace vedette::net
