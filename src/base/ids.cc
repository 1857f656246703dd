#include "base/ids.h"

#include <algorithm>

#include "base/text.h"

namespace vedette {

Result<RunId> parse_run_id(std::string_view text) {
  if (text.size() != RunId::kLength || !std::all_of(text.begin(), text.end(), is_hex_digit)) {
    return Error{"a run id has 40 hexadecimal digits"};
  }
  return RunId{std::string(text)};
}

std::string to_string(const Address& address) {
  const bool bracketed = address.host.find(':') != std::string::npos;
  return (bracketed ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

}  // namespace vedette
