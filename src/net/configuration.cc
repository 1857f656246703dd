#include "net/configuration.h"

#include <fmt/format.h>

#include <variant>

#include "base/host.h"
#include "base/text.h"
#include "base/version.h"
#include "net/files.h"

namespace vedette::net {

Result<conf::File> load_configuration(const std::string& path) {
  const Result<std::string> text = read_file(path, conf::File::kMaxBytes);
  if (!text) {
    return Error{fmt::format("Fatal error, can't open config file '{}': {}", path, text.error().message)};
  }
  auto parsed = conf::File::parse(*text, is_executable);
  if (const auto* problems = std::get_if<std::vector<conf::Problem>>(&parsed)) {
    return Error{describe_problems(path, *problems)};
  }
  conf::File file = std::get<conf::File>(std::move(parsed));
  const std::string& source = file.configuration().server.bind_source_address;
  if (!source.empty() && !is_ip_literal(source)) {
    return Error{describe_problems(path, {{0, "", fmt::format("bind-source-addr '{}' is no IP address", source)}})};
  }
  if (const Status status = check_replaceable(path); !status) {
    return Error{status.error().message + ". Sentinel keeps its state there. Exiting..."};
  }
  return file;
}

std::string describe_problems(const std::string& path, const std::vector<conf::Problem>& problems) {
  std::string text = fmt::format("\n*** FATAL CONFIG FILE ERROR (Vedette {}) ***", kVersion);
  for (const conf::Problem& problem : problems) {
    if (problem.line_number == 0) {
      text += fmt::format("\nReading the configuration file {}", path);
    } else {
      text += fmt::format("\nReading the configuration file {}, at line {}\n>>> '{}'", path, problem.line_number,
                          escape_controls(problem.line));
    }
    text += "\n" + escape_controls(problem.reason);
  }
  return text;
}

}  // namespace vedette::net
