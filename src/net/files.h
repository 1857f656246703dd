// Whole files, read at once and replaced at once. Blocking: for the start, the end, and threads of their own.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace vedette::net {

// The whole content of a regular file: a pipe or a device could keep us for ever. More than `max_bytes` is an error.
// The error says what is wrong, not with which path.
Result<std::string> read_file(const std::string& path, std::size_t max_bytes);

// Makes `text` the whole content of the file, atomically and durably: after a crash at any point there is the old text
// or the new one. A file that is there keeps its permissions and, where we may give it, its owner; a new one is for us
// alone. Where `path` is a symbolic link, the file that it leads to is replaced;
// what is no file is not. The error names the path, the step and
// the reason.
//
// The text is first written to a file of the same name with `.vedette-tmp` appended, in the same directory, which must
// therefore be writable. A crash may leave that file; the next replacement removes it.
Status replace_file(const std::string& path, std::string_view text);

// The steps of which durable writing consists, for those who write otherwise.
//
// "Cannot fsync /etc/sentinel.conf: Input/output error", by `errno`.
Error file_failure(std::string_view step, const std::string& path);
// All of it, however often that takes; false: `errno` says why not.
bool write_all(int fd, std::string_view bytes);
// Makes it durable that there is a file of this name, or no longer the one that was there before.
Status sync_directory_of(const std::string& path);

// Whether `replace_file` can be expected to work: the file and its directory exist and may be written by us.
Status check_replaceable(const std::string& path);

// Whether it exists and we may execute it, as far as its permissions tell. A directory counts too, as in the original.
bool is_executable(const std::string& path);

}  // namespace vedette::net
