#include "proto/hello.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "base/text.h"
#include "proto/field.h"

namespace vedette::proto {
namespace {

constexpr std::size_t kFields = 8;

// A field of a refused message is shown to people: not whole if it is long, and no byte that a terminal might obey.
std::string shown(std::string_view field) {
  constexpr std::size_t kMaxShown = 64;
  std::string text(field.substr(0, kMaxShown));
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text + (field.size() > kMaxShown ? "..." : "");
}

Error refused(std::string_view what, std::string_view field) {
  return Error{fmt::format("hello with an invalid {}: '{}'", what, shown(field))};
}

}  // namespace

Result<Hello> parse_hello(std::string_view text) {
  if (text.size() > kMaxHelloBytes) {
    return Error{fmt::format("hello of {} bytes, more than {}", text.size(), kMaxHelloBytes)};
  }
  const auto fields = split(text, ',');
  if (fields.size() != kFields) return Error{fmt::format("hello with {} fields, not {}", fields.size(), kFields)};

  auto sender = parse_address(fields[0], fields[1]);
  if (!sender) return refused("sender address", fmt::format("{},{}", fields[0], fields[1]));
  auto sender_id = parse_run_id(fields[2]);
  if (!sender_id) return refused("run id", fields[2]);
  const auto current_epoch = parse_epoch(fields[3]);
  if (!current_epoch) return refused("current epoch", fields[3]);
  if (!is_name(fields[4])) return refused("name", fields[4]);
  auto primary = parse_address(fields[5], fields[6]);
  if (!primary) return refused("primary address", fmt::format("{},{}", fields[5], fields[6]));
  const auto config_epoch = parse_epoch(fields[7]);
  if (!config_epoch) return refused("config epoch", fields[7]);

  return Hello{.sender = *std::move(sender),
               .sender_id = *std::move(sender_id),
               .current_epoch = *current_epoch,
               .primary_name = std::string(fields[4]),
               .primary = *std::move(primary),
               .config_epoch = *config_epoch};
}

std::string format_hello(const Hello& hello) {
  return fmt::format("{},{},{},{},{},{},{},{}", hello.sender.host, hello.sender.port, hello.sender_id.hex,
                     to_number(hello.current_epoch), hello.primary_name, hello.primary.host, hello.primary.port,
                     to_number(hello.config_epoch));
}

}  // namespace vedette::proto
