// Configuration files: a file that is read says itself again byte for byte, and can be made to say something else.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/check.h"
#include "conf/file.h"

namespace vedette {
namespace {

// What a failover leaves behind: other epochs, another address, the old one among the replicas.
conf::SentinelSettings after_failover(conf::SentinelSettings settings) {
  settings.my_id = RunId{std::string(RunId::kLength, 'f')};
  settings.current_epoch = Epoch{7};
  for (conf::MonitoredPrimary& primary : settings.primaries) {
    primary.config_epoch = primary.leader_epoch = Epoch{7};
    primary.replicas = {{primary.address}};
    primary.address = {"10.9.8.7", 6543};
    primary.sentinels = {{{"10.9.8.6", 26543}, RunId{std::string(RunId::kLength, 'e')}}};
  }
  return settings;
}

void check_text(std::string_view text) {
  const auto result = conf::File::parse(text);
  if (const auto* problems = std::get_if<std::vector<conf::Problem>>(&result)) {
    VEDETTE_CHECK(!problems->empty(), "a refusal says why");
    return;
  }
  const auto& file = std::get<conf::File>(result);
  const conf::SentinelSettings& settings = file.configuration().sentinel;
  VEDETTE_CHECK(file.render(settings) == text, "a file says itself again");

  const conf::SentinelSettings wanted = after_failover(settings);
  const auto rewritten = conf::File::parse(file.render(wanted));
  VEDETTE_CHECK(std::holds_alternative<conf::File>(rewritten), "a written file can be read");
  VEDETTE_CHECK(std::get<conf::File>(rewritten).configuration().sentinel == wanted,
                "a written file says what it should");
}

}  // namespace
}  // namespace vedette

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  vedette::check_text({reinterpret_cast<const char*>(data), size});
  return 0;
}
