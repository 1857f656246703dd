#include "apps/demo/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace vedette::demo {
namespace {

constexpr unsigned kColumnsWithoutTerminal = 100;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

void StandardOutput::write(std::string_view text) {
  while (!text.empty() && !closed_) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      closed_ = true;
    }
  }
}

unsigned StandardOutput::columns() const {
  winsize size{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kColumnsWithoutTerminal;
}

Surroundings surroundings_of_standard_output() {
  Surroundings surroundings{
      .terminal = isatty(STDOUT_FILENO) == 1, .no_color = variable("NO_COLOR"), .term = variable("TERM"), .locale = {}};
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (surroundings.locale.empty()) surroundings.locale = variable(name);
  }
  return surroundings;
}

}  // namespace vedette::demo
