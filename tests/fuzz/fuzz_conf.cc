// Configuration files: a file that is read says itself again byte for byte, but for comments of ours that do not count,
// and can be made to say something else. The same text is taken for an included file and for a state file.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/check.h"
#include "conf/file.h"
#include "conf/merge.h"
#include "conf/statements.h"

namespace vedette {
namespace {

// What a failover leaves behind: other epochs, another address, the old one among the replicas, something to remember.
conf::SentinelSettings after_failover(conf::SentinelSettings settings) {
  settings.my_id = RunId{std::string(RunId::kLength, 'f')};
  settings.current_epoch = Epoch{7};
  for (conf::MonitoredPrimary& primary : settings.primaries) {
    primary.config_epoch = primary.leader_epoch = Epoch{7};
    primary.replicas = {{primary.address}};
    primary.address = {"10.9.8.7", 6543};
    primary.sentinels = {{{"10.9.8.6", 26543}, RunId{std::string(RunId::kLength, 'e')}}};
    primary.histories = {std::string(RunId::kLength, 'd'), ""};
    primary.known_servers = {{primary.address, {}, 7, 8}};
  }
  return settings;
}

// Comments are not read in included files.
conf::Configuration without_comments(conf::Configuration configuration) {
  for (conf::MonitoredPrimary& primary : configuration.sentinel.primaries) conf::take_remembered({}, primary);
  return configuration;
}

void check_as_included(std::string_view text, const conf::Configuration& expected) {
  constexpr std::string_view kFile = "include x\n";
  const auto read = [&](const std::string&, const std::string&) {
    return std::vector<conf::Source>{{"x", std::string(text)}};
  };
  const auto result = conf::File::parse({.file = {"main", std::string(kFile)}, .appended = {}, .include = read});
  VEDETTE_CHECK(std::holds_alternative<conf::File>(result), "what can be read can be included");
  const auto& file = std::get<conf::File>(result);
  VEDETTE_CHECK(file.configuration() == expected, "an included file says what it says");
  VEDETTE_CHECK(file.render(expected.sentinel) == kFile, "an included file needs no repetition");
}

void check_as_state(std::string_view text) {
  const auto conf = std::get<conf::File>(conf::File::parse(""));
  const auto joined = conf.with_state(text);
  if (!std::holds_alternative<conf::File>(joined)) return;
  const conf::SentinelSettings& settings = std::get<conf::File>(joined).configuration().sentinel;
  const std::string written = std::get<conf::File>(joined).render(settings);
  const auto again = conf.with_state(written);
  VEDETTE_CHECK(std::holds_alternative<conf::File>(again), "a written state can be read");
  VEDETTE_CHECK(std::get<conf::File>(again).configuration().sentinel == settings, "a state says itself again");
  VEDETTE_CHECK(!std::get<conf::File>(again).must_be_saved(), "a state that was written needs not be written");
}

void check_text(std::string_view text) {
  check_as_state(text);
  const auto result = conf::File::parse(text);
  if (const auto* problems = std::get_if<std::vector<conf::Problem>>(&result)) {
    VEDETTE_CHECK(!problems->empty(), "a refusal says why");
    return;
  }
  const auto& file = std::get<conf::File>(result);
  const conf::SentinelSettings& settings = file.configuration().sentinel;
  const std::string written = file.render(settings);
  VEDETTE_CHECK(written == text || text.find(conf::kCommentMark) != text.npos, "a file says itself again");
  const auto again = conf::File::parse(written);
  VEDETTE_CHECK(std::holds_alternative<conf::File>(again), "what was written is read");
  VEDETTE_CHECK(std::get<conf::File>(again).configuration() == file.configuration(), "it says the same");
  VEDETTE_CHECK(std::get<conf::File>(again).render(settings) == written, "then nothing more is to be written");
  check_as_included(text, without_comments(file.configuration()));

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
