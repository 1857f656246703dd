// `pidfile`: a file with our process id in it, for as long as we serve.
#pragma once

#include <string>

#include "base/result.h"

namespace vedette::net {

class PidFile {
 public:
  static Result<PidFile> create(const std::string& path);

  // Removes the file.
  ~PidFile();
  PidFile(PidFile&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  PidFile& operator=(PidFile&&) = delete;

 private:
  explicit PidFile(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

}  // namespace vedette::net
