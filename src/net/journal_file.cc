#include "net/journal_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/files.h"

namespace vedette::net {

// Ready to be written to at `size_`.
Status JournalFile::prepare() {
  struct stat info {};
  if (file_.valid() && (fstat(file_.get(), &info) != 0 || info.st_nlink == 0)) {
    file_ = Descriptor();
    size_ = 0;
    return Error{path_ + " was removed"};
  }
  if (!file_.valid()) {
    file_ = Descriptor(::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    if (!file_.valid()) return file_failure("create", path_);
    if (const Status synced = sync_directory_of(path_); !synced) return synced;
  }
  if (must_be_cut_ && ftruncate(file_.get(), static_cast<off_t>(size_)) != 0) return file_failure("truncate", path_);
  must_be_cut_ = false;
  return Ok{};
}

Status JournalFile::append(std::string_view bytes) {
  if (const Status ready = prepare(); !ready) return ready;
  must_be_cut_ = true;
  if (lseek(file_.get(), static_cast<off_t>(size_), SEEK_SET) < 0) return file_failure("seek in", path_);
  if (!write_all(file_.get(), bytes)) return file_failure("write", path_);
  if (fdatasync(file_.get()) != 0) return file_failure("fsync", path_);
  must_be_cut_ = false;
  size_ += bytes.size();
  return Ok{};
}

void JournalFile::empty() {
  size_ = 0;
  must_be_cut_ = !file_.valid() || ftruncate(file_.get(), 0) != 0;
  if (!file_.valid()) ::unlink(path_.c_str());  // of an earlier life
}

void JournalFile::remove() {
  file_ = Descriptor();
  size_ = 0;
  must_be_cut_ = true;
  ::unlink(path_.c_str());
}

}  // namespace vedette::net
