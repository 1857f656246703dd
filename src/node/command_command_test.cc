#include <gtest/gtest.h>

#include "node/commands.h"
#include "tests/support/serving.h"

namespace vedette::node {
namespace {

using CommandCommandTest = vedette::testing::ServingTest;

TEST_F(CommandCommandTest, TellsArityFlagsAndCategories) {
  const auto client = connect();
  EXPECT_EQ(ask(client, {"COMMAND", "INFO", "publish", "foo"}),
            "*2|*10|$7|publish|:3|*4|+pubsub|+loading|+stale|+fast|:0|:0|:0|*2|+@pubsub|+@fast|*0|*0|*0|$-1|");
  EXPECT_EQ(ask(client, {"COMMAND", "INFO", "Sentinel|MyId"}),
            "*1|*10|$13|sentinel|myid|:2|*1|+admin|:0|:0|:0|*3|+@admin|+@slow|+@dangerous|*0|*0|*0|");
  EXPECT_EQ(ask(client, {"COMMAND"}), ask(client, {"COMMAND", "INFO"}));
  EXPECT_EQ(ask(client, {"COMMAND", "COUNT"}), ":" + std::to_string(all_commands().size()) + "|");
}

TEST_F(CommandCommandTest, TellsSetsAsSuchInResp3) {
  const auto client = connect();
  ask(client, {"HELLO", "3"});
  EXPECT_EQ(ask(client, {"COMMAND", "INFO", "role", "foo"}),
            "*2|*10|$4|role|:1|~4|+noscript|+loading|+stale|+fast|:0|:0|:0|~3|+@admin|+@fast|+@dangerous|~0|~0|~0|_|");
}

TEST_F(CommandCommandTest, DocumentsWhatIsKnown) {
  const auto client = connect();
  const std::string summary(find_command("sentinel|slaves")->summary);
  const std::string complexity(find_command("sentinel|slaves")->complexity);
  const auto bulk = [](const std::string& text) { return "$" + std::to_string(text.size()) + "|" + text + "|"; };
  EXPECT_EQ(ask(client, {"COMMAND", "DOCS", "sentinel|slaves", "foo"}),
            "*2|" + bulk("sentinel|slaves") + "*14|" + bulk("summary") + bulk(summary) + bulk("since") + bulk("2.8.0") +
                bulk("group") + bulk("sentinel") + bulk("complexity") + bulk(complexity) + bulk("doc_flags") +
                "*1|+deprecated|" + bulk("deprecated_since") + bulk("5.0.0") + bulk("replaced_by") +
                bulk("`SENTINEL REPLICAS`"));
  EXPECT_EQ(ask(client, {"COMMAND", "DOCS", "foo"}), "*0|");
  ask(client, {"HELLO", "3"});
  EXPECT_EQ(ask(client, {"COMMAND", "DOCS", "command"}).substr(0, 19), "%1|$7|command|%5|$7");
}

TEST_F(CommandCommandTest, ListsWhatFitsAFilter) {
  const auto client = connect();
  EXPECT_EQ(ask(client, {"COMMAND", "LIST", "FILTERBY", "ACLCAT", "PubSub"}),
            "*5|$9|subscribe|$11|unsubscribe|$10|psubscribe|$12|punsubscribe|$7|publish|");
  EXPECT_EQ(ask(client, {"COMMAND", "LIST", "filterby", "pattern", "CLIENT|g*"}),
            "*2|$14|client|getname|$15|client|getredir|");
  EXPECT_EQ(ask(client, {"COMMAND", "LIST", "FILTERBY", "MODULE", "x"}), "*0|");
  EXPECT_EQ(ask(client, {"COMMAND", "LIST", "FILTERBY", "FOO", "x"}), "-ERR syntax error|");
  EXPECT_EQ(ask(client, {"COMMAND", "LIST", "FILTERBY", "ACLCAT"}), "-ERR syntax error|");
  EXPECT_EQ(ask(client, {"COMMAND", "LIST", "FOO", "ACLCAT", "x"}), "-ERR syntax error|");
}

TEST_F(CommandCommandTest, KnowsNoKeys) {
  const auto client = connect();
  for (const char* subcommand : {"GETKEYS", "GETKEYSANDFLAGS"}) {
    EXPECT_EQ(ask(client, {"COMMAND", subcommand, "publish", "a"}), "-ERR The command has no key arguments|");
    EXPECT_EQ(ask(client, {"COMMAND", subcommand, "sentinel", "foo"}), "-ERR Invalid command specified|");
    EXPECT_EQ(ask(client, {"COMMAND", subcommand, "get", "a"}), "-ERR Invalid command specified|");
  }
}

}  // namespace
}  // namespace vedette::node
