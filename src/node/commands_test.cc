#include "node/commands.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "tests/support/serving.h"

namespace vedette::node {
namespace {

using CommandsTest = vedette::testing::ServingTest;

TEST_F(CommandsTest, AreFoundWhateverTheirCase) {
  const auto client = connect();
  EXPECT_EQ(ask(client, {"pInG"}), "+PONG|");
  EXPECT_EQ(ask(client, {"client", "iD"}), ":1|");
}

TEST_F(CommandsTest, RepeatWhatTheyDoNotKnow) {
  const auto client = connect();
  EXPECT_EQ(ask(client, {"foo"}), "-ERR unknown command 'foo', with args beginning with: |");
  EXPECT_EQ(ask(client, {"FOO", "a b", "c\"d"}),
            "-ERR unknown command 'FOO', with args beginning with: 'a b' 'c\"d' |");
  EXPECT_EQ(ask(client, {"sentinel", "Foo", "a"}), "-ERR unknown subcommand 'Foo'. Try SENTINEL HELP.|");
  EXPECT_EQ(ask(client, {"client", "foo"}), "-ERR unknown subcommand 'foo'. Try CLIENT HELP.|");
}

TEST_F(CommandsTest, RepeatNoMoreThanAShortPiece) {
  const auto client = connect();
  const std::string longer(300, 'x');
  const std::string shown(128, 'x');
  EXPECT_EQ(ask(client, {longer}), "-ERR unknown command '" + shown + "', with args beginning with: |");
  EXPECT_EQ(ask(client, {"foo", longer, "b"}),
            "-ERR unknown command 'foo', with args beginning with: '" + shown + "' |");
  EXPECT_EQ(ask(client, {"client", longer}), "-ERR unknown subcommand '" + shown + "'. Try CLIENT HELP.|");
  std::string inline_request = "foo";
  std::string args;
  for (int i = 0; i < 100; ++i) inline_request += " xyz";
  for (int i = 0; i < 21; ++i) args += "'xyz' ";
  EXPECT_EQ(send(client, inline_request + "\r\n"),
            "-ERR unknown command 'foo', with args beginning with: " + args + "'xy' |");
}

TEST_F(CommandsTest, NeverLetARequestBreakTheLineOfAnError) {
  EXPECT_EQ(ask(connect(), {"a\r\n+OK", "b\nc"}), "-ERR unknown command 'a  +OK', with args beginning with: 'b c' |");
}

TEST_F(CommandsTest, CountTheirArguments) {
  const auto client = connect();
  EXPECT_EQ(ask(client, {"sentinel"}), "-ERR wrong number of arguments for 'sentinel' command|");
  EXPECT_EQ(ask(client, {"SENTINEL", "MASTER"}), "-ERR wrong number of arguments for 'sentinel|master' command|");
  EXPECT_EQ(ask(client, {"SENTINEL", "MASTERS", "x"}),
            "-ERR wrong number of arguments for 'sentinel|masters' command|");
  EXPECT_EQ(ask(client, {"SENTINEL", "SET", "a", "b"}), "-ERR wrong number of arguments for 'sentinel|set' command|");
  EXPECT_EQ(ask(client, {"role", "x"}), "-ERR wrong number of arguments for 'role' command|");
}

TEST_F(CommandsTest, WantAuthenticationOnceTheyAreUnderstood) {
  users = acl::Users("secret");
  const auto client = connect();
  EXPECT_EQ(ask(client, {"foo"}), "-ERR unknown command 'foo', with args beginning with: |");
  EXPECT_EQ(ask(client, {"sentinel"}), "-ERR wrong number of arguments for 'sentinel' command|");
  for (const char* command : {"PING", "INFO", "ROLE", "SHUTDOWN", "PUNSUBSCRIBE"}) {
    EXPECT_EQ(ask(client, {command}), "-NOAUTH Authentication required.|") << command;
  }
  EXPECT_EQ(ask(client, {"SENTINEL", "MASTERS"}), "-NOAUTH Authentication required.|");
  EXPECT_EQ(ask(client, {"CLIENT", "ID"}), "-NOAUTH Authentication required.|");
  EXPECT_FALSE(node.is_shut_down);
}

TEST_F(CommandsTest, AreConfinedForSubscribersThatSpeakResp2) {
  const auto client = connect();
  ask(client, {"SUBSCRIBE", "a"});
  const std::string_view rest =
      ": only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context|";
  EXPECT_EQ(ask(client, {"info"}), "-ERR Can't execute 'info'" + std::string(rest));
  EXPECT_EQ(ask(client, {"SENTINEL", "masters"}), "-ERR Can't execute 'sentinel|masters'" + std::string(rest));
  EXPECT_EQ(ask(client, {"HELLO", "3"}), "-ERR Can't execute 'hello'" + std::string(rest));
  EXPECT_EQ(ask(client, {"UNSUBSCRIBE"}), "*3|$11|unsubscribe|$1|a|:0|");
  EXPECT_EQ(ask(client, {"CLIENT", "ID"}), ":1|");
}

TEST_F(CommandsTest, AreAllAllowedForSubscribersThatSpeakResp3) {
  const auto client = connect();
  ask(client, {"HELLO", "3"});
  ask(client, {"SUBSCRIBE", "a"});
  EXPECT_EQ(ask(client, {"CLIENT", "ID"}), ":1|");
}

TEST_F(CommandsTest, HelpListsUsageAndSummary) {
  const std::string help = ask(connect(), {"SENTINEL", "HELP"});
  const auto lines = std::count(help.begin(), help.end(), '|') - 1;
  EXPECT_EQ(help.substr(0, help.find('|')), "*" + std::to_string(lines));
  EXPECT_NE(help.find("+SENTINEL <subcommand> [<arg> [value] [opt] ...]. Subcommands are:|"), std::string::npos);
  EXPECT_NE(help.find("|+CKQUORUM <master-name>|+    "), std::string::npos);
  EXPECT_EQ(help.find("PRIMARIES"), std::string::npos) << "other spellings are not listed";
}

template <typename Check>
void check_each_command(Check check) {
  for (const Command* command : all_commands()) {
    check(*command);
    for (const Command& subcommand : command->subcommands) {
      EXPECT_TRUE(subcommand.name.starts_with(std::string(command->name) + "|")) << subcommand.name;
      EXPECT_TRUE(subcommand.group.empty()) << subcommand.name << ": the container's counts";
      check(subcommand);
    }
  }
}

TEST(CommandTables, HaveEveryNameOnceAndInLowerCase) {
  std::set<std::string_view> names;
  check_each_command([&](const Command& command) {
    EXPECT_TRUE(names.insert(command.name).second) << command.name;
    EXPECT_EQ(command.name, to_lower(command.name));
    EXPECT_EQ(find_command(to_upper(command.name)), &command) << command.name;
  });
  EXPECT_EQ(find_command("sentinel|foo"), nullptr);
  EXPECT_EQ(find_command("ping|foo"), nullptr);
}

TEST(CommandTables, SayAllThereIsToSay) {
  check_each_command([&](const Command& command) {
    EXPECT_NE(command.arity, 0) << command.name;
    EXPECT_FALSE(command.run == nullptr && command.subcommands.empty()) << command.name;
    EXPECT_FALSE(command.summary.empty()) << command.name;
    EXPECT_FALSE(command.since.empty()) << command.name;
  });
  for (const Command* command : all_commands()) EXPECT_FALSE(command->group.empty()) << command->name;
}

TEST(CommandTables, CategoriesFollowFromFlags) {
  EXPECT_EQ(find_command("ping")->categories(), only(Category::kFast) | kInConnection);
  EXPECT_EQ(find_command("publish")->categories(), only(Category::kFast) | only(Category::kPubsub));
  EXPECT_EQ(find_command("sentinel|masters")->categories(),
            only(Category::kSlow) | only(Category::kAdmin) | kInDangerous);
  EXPECT_EQ(find_command("sentinel|help")->categories(), only(Category::kSlow));
}

}  // namespace
}  // namespace vedette::node
