#include "net/process_info.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/utsname.h>

#include <filesystem>
#include <system_error>

namespace vedette::net {
namespace {

Micros duration_of(const timeval& time) { return Seconds(time.tv_sec) + Micros(time.tv_usec); }

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
