#include "net/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <optional>
#include <system_error>

#include "net/descriptor.h"

namespace vedette::net {
namespace {

std::string errno_text() { return std::generic_category().message(errno); }

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// Where the content really is. A file that is not there (any more) is made at `path` itself.
Result<std::string> resolve_links(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr), &std::free);
  if (real) return std::string(real.get());
  struct stat info {};
  if (errno == ENOENT && lstat(path.c_str(), &info) != 0 && errno == ENOENT) return path;
  errno = ENOENT;
  return file_failure("follow the symbolic link", path);
}

// The new file takes the place of the old one, for its readers too. Only root may give files away; where the group
// cannot be kept, what the old file granted to its group must not be granted to ours.
bool take_over_permissions(int fd, const struct stat& old) {
  const bool owner_kept = fchown(fd, old.st_uid, old.st_gid) == 0;
  const bool group_kept = owner_kept || fchown(fd, static_cast<uid_t>(-1), old.st_gid) == 0;
  const mode_t granted = old.st_mode & (group_kept ? 0777U : 0707U);
  return fchmod(fd, granted) == 0;
}

Status write_durably(const std::string& path, std::string_view text, const std::optional<struct stat>& old) {
  ::unlink(path.c_str());  // left by a crash
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.valid()) return file_failure("create", path);
  if (old && !take_over_permissions(file.get(), *old)) return file_failure("set the permissions of", path);
  if (!write_all(file.get(), text)) return file_failure("write", path);
  if (fsync(file.get()) != 0) return file_failure("fsync", path);
  return Ok{};
}

// Makes the rename durable. Some file systems know no fsync of directories: they say so with EINVAL.
Status sync_directory(const std::string& path) {
  const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid()) return file_failure("open the directory", path);
  if (fsync(directory.get()) != 0 && errno != EINVAL) return file_failure("fsync the directory", path);
  return Ok{};
}

}  // namespace

Error file_failure(std::string_view step, const std::string& path) {
  return Error{fmt::format("Cannot {} {}: {}", step, path, errno_text())};
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Status sync_directory_of(const std::string& path) { return sync_directory(directory_of(path)); }

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));  // a pipe is not waited for
  struct stat info {};
  if (!file.valid() || fstat(file.get(), &info) != 0) return Error{errno_text()};
  if (!S_ISREG(info.st_mode)) return Error{S_ISDIR(info.st_mode) ? "Is a directory" : "Not a regular file"};
  std::string text;
  std::string chunk(64U << 10, '\0');
  while (true) {
    const ssize_t size = ::read(file.get(), chunk.data(), chunk.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return Error{errno_text()};
    if (size == 0) return text;
    text.append(chunk, 0, static_cast<std::size_t>(size));
    if (text.size() > max_bytes) return Error{fmt::format("It is larger than the {} bytes allowed", max_bytes)};
  }
}

Status replace_file(const std::string& path, std::string_view text) {
  const Result<std::string> target = resolve_links(path);
  if (!target) return target.error();
  struct stat info {};
  const bool exists = ::stat(target->c_str(), &info) == 0;
  if (exists && !S_ISREG(info.st_mode)) return Error{fmt::format("Cannot replace {}: it is no regular file", path)};
  const std::string temporary = *target + ".vedette-tmp";
  const Status written = write_durably(temporary, text, exists ? std::optional(info) : std::nullopt);
  if (!written) {
    ::unlink(temporary.c_str());
    return written;
  }
  if (::rename(temporary.c_str(), target->c_str()) != 0) {
    const bool is_mount_point = errno == EBUSY;
    Error error = file_failure("replace", *target);
    if (is_mount_point) error.message += " (a file that is mounted by itself cannot be replaced: mount its directory)";
    ::unlink(temporary.c_str());
    return error;
  }
  return sync_directory_of(*target);
}

bool is_executable(const std::string& path) { return ::access(path.c_str(), X_OK) == 0; }

Status check_replaceable(const std::string& path) {
  const Result<std::string> target = resolve_links(path);
  if (!target) return target.error();
  const std::string directory = directory_of(*target);
  if (faccessat(AT_FDCWD, target->c_str(), W_OK, AT_EACCESS) != 0) {
    return Error{fmt::format("Sentinel config file {} is not writable: {}", path, errno_text())};
  }
  if (faccessat(AT_FDCWD, directory.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    return Error{
        fmt::format("The directory {} of the Sentinel config file is not writable: {}", directory, errno_text())};
  }
  return Ok{};
}

}  // namespace vedette::net
