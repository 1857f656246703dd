#include "conf/memory.h"

#include <gtest/gtest.h>

#include "tests/support/conf_settings.h"

namespace vedette::conf {
namespace {

using vedette::testing::must_parse;

TEST(ConfMemory, OfAFormIsItsTextAndItsLines) {
  const std::string line = "sentinel monitor a-primary-with-a-long-name 10.0.0.1 6379 2\n";
  const std::size_t one = heap_of(*must_parse(line).form());
  EXPECT_GE(one, line.size() + sizeof(StatementLine));
  EXPECT_GE(heap_of(*must_parse(line + "#" + std::string(1000, 'x') + "\n").form()), one + 1000);
}

// Most lines are as we write them: what they say is in the text, and not kept twice.
TEST(ConfMemory, ALineInOtherWordsTakesMore) {
  const std::string plain = "sentinel monitor a-primary-with-a-long-name 10.0.0.1 6379 2\n";
  const std::string other = "SENTINEL monitor a-primary-with-a-long-name 10.0.0.1 6379 2\n";
  EXPECT_GE(heap_of(*must_parse(other).form()), heap_of(*must_parse(plain).form()) + plain.size() - 1);
}

TEST(ConfMemory, OfAPrimaryIsAllThatIsSaidOfIt) {
  MonitoredPrimary primary;
  EXPECT_EQ(heap_of(primary), 0U);
  primary.replicas.resize(2);
  EXPECT_EQ(heap_of(primary), 2 * sizeof(KnownReplica));
  primary.sentinels.push_back({{"10.0.0.1", 26379}, RunId{std::string(40, 'a')}});
  EXPECT_EQ(heap_of(primary), 2 * sizeof(KnownReplica) + sizeof(KnownSentinel) + 41);
  primary.auth_pass = std::string(100, 'x');
  EXPECT_EQ(heap_of(primary), 2 * sizeof(KnownReplica) + sizeof(KnownSentinel) + 41 + 101);
}

TEST(ConfMemory, OfWhatIsRememberedOfAPrimary) {
  MonitoredPrimary primary;
  primary.histories.push_back(std::string(40, 'a'));
  EXPECT_EQ(heap_of(primary), sizeof(std::string) + 41);
  primary.known_servers.push_back({{"10.0.0.1", 6379}, RunId{std::string(40, 'a')}, 1, 2});
  EXPECT_EQ(heap_of(primary), sizeof(std::string) + 41 + sizeof(KnownServer) + 41);
  primary.upstream = Address{std::string(100, 'x'), 6379};
  EXPECT_EQ(heap_of(primary), sizeof(std::string) + 41 + sizeof(KnownServer) + 41 + 101);
}

}  // namespace
}  // namespace vedette::conf
