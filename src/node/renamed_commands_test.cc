#include "node/renamed_commands.h"

#include <gtest/gtest.h>

namespace vedette::node {
namespace {

TEST(RenamedCommands, NothingIsRenamedAtFirst) { EXPECT_EQ(RenamedCommands().own_name("Ping"), "Ping"); }

TEST(RenamedCommands, AnswerToTheirNewNameOnly) {
  const RenamedCommands renamed({{"SENTINEL", "guard"}, {"PING", ""}});
  EXPECT_EQ(renamed.own_name("GUARD"), "sentinel");
  EXPECT_EQ(renamed.own_name("sentinel"), "");
  EXPECT_EQ(renamed.own_name("ping"), "");
  EXPECT_EQ(renamed.own_name(""), "");
  EXPECT_EQ(renamed.own_name("info"), "info");
}

TEST(RenamedCommands, MayChangeNames) {
  const RenamedCommands renamed({{"PING", "INFO"}, {"INFO", "PING"}});
  EXPECT_EQ(renamed.own_name("ping"), "info");
  EXPECT_EQ(renamed.own_name("info"), "ping");
}

}  // namespace
}  // namespace vedette::node
