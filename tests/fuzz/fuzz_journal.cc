// Journals: any bytes beside any state file are read, or refused with a reason; what comes of it can be written and
// read again. The same bytes are taken for the inside of a record that is whole, since few would pass for one
// otherwise.
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/check.h"
#include "base/sha256.h"
#include "conf/file.h"
#include "conf/journal.h"

namespace vedette {
namespace {

constexpr std::string_view kText = "sentinel resolve-hostnames yes\nsentinel monitor m 127.0.0.1 6379 2\n";

void check_journal(std::string_view journal) {
  const auto file = std::get<conf::File>(conf::File::parse(kText));
  const auto joined = file.with_journal(kText, journal);
  if (const auto* problems = std::get_if<std::vector<conf::Problem>>(&joined)) {
    VEDETTE_CHECK(!problems->empty(), "a refusal says why");
    return;
  }
  const auto& continued = std::get<conf::File>(joined);
  VEDETTE_CHECK(continued.must_be_saved() == !journal.empty(), "what is in a journal is to come into the file");
  const conf::SentinelSettings& settings = continued.configuration().sentinel;
  const auto written = conf::File::parse(continued.render(settings));
  VEDETTE_CHECK(std::holds_alternative<conf::File>(written), "a written file can be read");
  VEDETTE_CHECK(std::get<conf::File>(written).configuration().sentinel == settings, "it says what it should");
}

std::string record(std::string_view payload) {
  return fmt::format("@ {} {}\n{}", payload.size(), sha256_hex(payload).substr(0, 16), payload);
}

}  // namespace
}  // namespace vedette

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string base = vedette::conf::Journal(vedette::kText, false).bytes_for("");
  vedette::check_journal(bytes);
  vedette::check_journal(vedette::record(bytes));
  vedette::check_journal(base + vedette::record(bytes));
  return 0;
}
