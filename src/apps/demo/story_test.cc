#include "apps/demo/story.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "apps/demo/screen.h"
#include "base/text.h"
#include "tests/support/fixture.h"

namespace vedette::demo {
namespace {

class Text final : public Output {
 public:
  void write(std::string_view text) override { text_ += text; }
  unsigned columns() const override { return 100; }
  std::string text() const { return text_; }

 private:
  std::string text_;
};

Roster roster() {
  Roster roster;
  for (std::size_t i = 0; i < kSentinels; ++i) {
    roster.sentinels[i] = {RunId{std::string(RunId::kLength, static_cast<char>('a' + i))}, 27001};
  }
  return roster;
}

Lane lane_called(char name) {
  for (const Lane lane : kLanes) {
    if (letter(lane) == name) return lane;
  }
  ADD_FAILURE() << name;
  return Lane::kNobody;
}

// "B 06:00:00.809 +sdown ..." is one line of B's log on the first of January.
std::string tell(const std::string& input) {
  const Roster all = roster();
  Story story(all);
  Text text;
  Screen screen(text, {});
  for (const std::string_view line : split(trim(input), '\n')) {
    const auto report = parse_report(lane_called(line.front()),
                                     fmt::format("7:X 01 Jan 2026 {} * {}", line.substr(2, 12), line.substr(15)));
    if (!report) {
      ADD_FAILURE() << line;
      continue;
    }
    const WallTime zero = std::chrono::floor<std::chrono::days>(report->at);
    if (const auto beat = story.tell(*report)) screen.beat(*beat, zero);
  }
  return text.text();
}

TEST(Story, TellsWhatTheLogsSay) {
  testing::run_fixture("demo/story.txt", [](const testing::Case& example) { return tell(example.sections[0].text); });
}

}  // namespace
}  // namespace vedette::demo
