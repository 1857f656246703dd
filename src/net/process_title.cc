#include "net/process_title.h"

#include <unistd.h>

#include <cstring>
#include <deque>
#include <string>

namespace vedette::net {
namespace {

// The strings of the environment lie behind the arguments. They go elsewhere, for as long as the process lives, and the
// end of where they were is returned.
char* move_environment(char* end) {
  static auto& moved = *new std::deque<std::string>;  // never destroyed: others may ask until the very end
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    if (*variable != end) break;  // somebody has changed it already
    end += std::strlen(end) + 1;
    *variable = moved.emplace_back(*variable).data();
  }
  return end;
}

}  // namespace

ProcessTitle::ProcessTitle(int argc, char** argv) : begin_(argc > 0 ? argv[0] : nullptr), size_(0) {
  if (begin_ == nullptr) return;
  char* end = argv[argc - 1] + std::strlen(argv[argc - 1]) + 1;
  size_ = static_cast<std::size_t>(move_environment(end) - begin_);
}

void ProcessTitle::set(std::string_view title) {
  if (size_ == 0) return;
  std::memset(begin_, 0, size_);
  title.copy(begin_, size_ - 1);
}

}  // namespace vedette::net
