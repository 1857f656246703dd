#include "apps/demo/workspace.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

namespace vedette::demo {

Result<Workspace> Workspace::create() {
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
  if (error) return Error{"no directory for temporary files: " + error.message()};
  std::string path = parent / "vedette-demo-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) {
    return Error{"no directory can be made in " + parent.string() + ": " + std::generic_category().message(errno)};
  }
  return Workspace(std::move(path));
}

Workspace::Workspace(Workspace&& other) noexcept : path_(std::exchange(other.path_, {})) {}

Workspace::~Workspace() {
  std::error_code ignored;  // there is nobody left to be told
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

Result<std::string> Workspace::subdirectory(const std::string& name) const {
  std::string path = path_ + "/" + name;
  std::error_code error;
  std::filesystem::create_directory(path, error);
  if (error) return Error{"no directory can be made in " + path_ + ": " + error.message()};
  return path;
}

}  // namespace vedette::demo
