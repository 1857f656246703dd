// What `ps` shows of this process. Command lines may hold passwords, which must not stay visible there.
#pragma once

#include <cstddef>
#include <string_view>

namespace vedette::net {

class ProcessTitle {
 public:
  // `argv` is that of `main`: whatever is needed of it must be copied before `set`. The environment is moved to make
  // room behind it.
  ProcessTitle(int argc, char** argv);

  // In place of all arguments; cut if there is no room.
  void set(std::string_view title);

 private:
  char* begin_;
  std::size_t size_;
};

}  // namespace vedette::net
