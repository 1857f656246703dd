// Hello messages: what is understood can be written and understood again, and fits into the fields of other messages.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/text.h"
#include "proto/field.h"
#include "proto/hello.h"

namespace vedette {
namespace {

void check_hello(std::string_view text) {
  const auto hello = proto::parse_hello(text);
  if (!hello) {
    VEDETTE_CHECK(!hello.error().message.empty(), "a refusal says why");
    return;
  }
  const std::string formatted = proto::format_hello(*hello);
  const auto again = proto::parse_hello(formatted);
  VEDETTE_CHECK(again.ok() && *again == *hello, "a hello survives formatting");
  for (const std::string_view field : split(formatted, ',')) {  // unlike the text, which may lead with many zeros
    VEDETTE_CHECK(proto::is_name(field), "no field has blanks or control characters");
  }
}

}  // namespace
}  // namespace vedette

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  vedette::check_hello({reinterpret_cast<const char*>(data), size});
  return 0;
}
