#include "net/pid_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "net/descriptor.h"

namespace vedette::net {

Result<PidFile> PidFile::create(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  const std::string text = fmt::format("{}\n", ::getpid());
  if (file.valid() && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size())) {
    return PidFile(path);
  }
  return Error{fmt::format("Failed to write PID file: {}: {}", path, std::generic_category().message(errno))};
}

PidFile::~PidFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

}  // namespace vedette::net
