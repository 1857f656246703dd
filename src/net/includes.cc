#include "net/includes.h"

#include <fmt/format.h>
#include <glob.h>

#include <filesystem>

#include "conf/file.h"
#include "net/files.h"

namespace vedette::net {
namespace {

// Sorted. A pattern without wildcards is given back as it is.
Result<std::vector<std::string>> paths_of(const std::string& pattern) {
  glob_t found{};
  const int status = ::glob(pattern.c_str(), GLOB_NOESCAPE, nullptr, &found);
  std::vector<std::string> paths(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  if (status != 0 && status != GLOB_NOMATCH) return Error{fmt::format("can't look for files like '{}'", pattern)};
  if (paths.empty() && pattern.find_first_of("*?[") == std::string::npos) paths.push_back(pattern);
  return paths;
}

}  // namespace

Result<std::vector<conf::Source>> read_included(const std::string& pattern, const std::string& directory) {
  const auto paths = paths_of((std::filesystem::path(directory) / pattern).string());
  if (!paths) return paths.error();
  std::vector<conf::Source> files;
  for (const std::string& path : *paths) {
    auto text = read_file(path, conf::File::kMaxBytes);
    if (!text) return Error{fmt::format("can't open config file '{}': {}", path, text.error().message)};
    std::error_code error;
    const std::filesystem::path canonical = std::filesystem::weakly_canonical(path, error);
    files.push_back({error ? path : canonical.string(), *std::move(text)});
  }
  return files;
}

}  // namespace vedette::net
