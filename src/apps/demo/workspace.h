// A directory for everything that the demo writes, removed with all that is in it.
#pragma once

#include <string>

#include "base/result.h"

namespace vedette::demo {

class Workspace {
 public:
  static Result<Workspace> create();
  Workspace(Workspace&& other) noexcept;
  Workspace& operator=(Workspace&&) = delete;
  ~Workspace();

  const std::string& path() const { return path_; }

  // A directory in it.
  Result<std::string> subdirectory(const std::string& name) const;

 private:
  explicit Workspace(std::string path) : path_(std::move(path)) {}
  std::string path_;  // empty: moved away
};

}  // namespace vedette::demo
