#include "apps/demo/numbers.h"

#include <fmt/format.h>

namespace vedette::demo {

std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  const std::size_t first_digit = number < 0 ? 1 : 0;
  for (std::size_t end = text.size(); end > first_digit + 3; end -= 3) text.insert(end - 3, ",");
  return text;
}

std::string in_millis(Micros duration) { return grouped(to_millis(duration)) + " ms"; }

std::string in_seconds(Micros duration) {
  return fmt::format("{:.1f} s", std::chrono::duration<double>(duration).count());
}

std::string counted(std::uint64_t count, std::string_view singular) {
  const std::string number = count == 0 ? "no" : grouped(static_cast<std::int64_t>(count));
  return fmt::format("{} {}{}", number, singular, count == 1 ? "" : "s");
}

}  // namespace vedette::demo
