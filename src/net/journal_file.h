// The file of a journal: it grows by appending, and is emptied. Blocking: for a thread of its own.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/descriptor.h"

namespace vedette::net {

class JournalFile {
 public:
  // What it has from an earlier life counts for nothing.
  explicit JournalFile(std::string path) : path_(std::move(path)) {}

  // Durably. After a failure, what may have been written of it is cut off before anything else is. A file that somebody
  // has removed is a failure too, once: what was in it is lost.
  Status append(std::string_view bytes);

  // All that is in it is in the state file. If this does not become durable, that is read again over that file.
  void empty();

  // The same, and the file is gone.
  void remove();

 private:
  Status prepare();

  const std::string path_;
  Descriptor file_;
  std::size_t size_ = 0;     // of what was appended, and is durable
  bool must_be_cut_ = true;  // there may be more in it than that
};

}  // namespace vedette::net
