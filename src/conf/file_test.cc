#include "conf/file.h"

#include <gtest/gtest.h>

namespace vedette::conf {
namespace {

File parsed(std::string_view text) {
  auto result = File::parse(text);
  if (auto* problems = std::get_if<std::vector<Problem>>(&result)) {
    for (const Problem& problem : *problems) ADD_FAILURE() << problem.line_number << ": " << problem.reason;
    return parsed("");
  }
  return std::get<File>(std::move(result));
}

TEST(File, AnEmptyFileMeansTheDefaults) {
  const File file = parsed("");
  EXPECT_EQ(file.configuration(), Configuration{});
  EXPECT_EQ(file.render({}), "");
}

TEST(File, LinesInAnyOrderMeanTheSame) {
  const File file = parsed(
      "sentinel down-after-milliseconds mymaster 5000\n"
      "sentinel monitor mymaster db.example 6379 3\n"
      "sentinel resolve-hostnames yes\n");
  ASSERT_EQ(file.configuration().sentinel.primaries.size(), 1U);
  const MonitoredPrimary& primary = file.configuration().sentinel.primaries[0];
  EXPECT_EQ(primary.address, (Address{"db.example", 6379}));
  EXPECT_EQ(primary.quorum, 3U);
  EXPECT_EQ(primary.down_after, 5000ms);
}

}  // namespace
}  // namespace vedette::conf
