// What the rules of `acl/` do to clients. The rules themselves are tested there.
#include "node/permissions.h"

#include <gtest/gtest.h>

#include "tests/support/serving.h"

namespace vedette::node {
namespace {

class PermissionsTest : public vedette::testing::ServingTest {
 protected:
  ConnectionId connect_as(std::string_view user) {
    const ConnectionId client = connect();
    EXPECT_EQ(ask(client, {"AUTH", user, "any"}), "+OK|");
    return client;
  }
};

TEST_F(PermissionsTest, WhatIsNotAllowedIsRefusedAndLogged) {
  const auto admin = connect();
  EXPECT_EQ(ask(admin, {"ACL", "SETUSER", "u", "on", "nopass", "+@pubsub", "+acl|whoami", "&+x"}), "+OK|");
  const auto client = connect_as("u");
  EXPECT_EQ(ask(client, {"ACL", "WHOAMI"}), "$1|u|");
  EXPECT_EQ(ask(client, {"PING"}), "-NOPERM this user has no permissions to run the 'ping' command|");
  EXPECT_EQ(ask(client, {"SENTINEL", "MASTERS"}),
            "-NOPERM this user has no permissions to run the 'sentinel|masters' command|");
  EXPECT_EQ(ask(client, {"SUBSCRIBE", "+x", "+y"}),
            "-NOPERM this user has no permissions to access one of the channels used as arguments|");
  EXPECT_EQ(ask(client, {"AUTH", "u", "any"}), "+OK|") << "allowed whatever the rules";
  const auto& log = sessions().acl_log().entries();
  ASSERT_EQ(log.size(), 3U);
  EXPECT_EQ(log[0].reason, "channel");
  EXPECT_EQ(log[0].object, "+y");
  EXPECT_EQ(log[1].object, "sentinel|masters");
  EXPECT_EQ(log[1].user, "u");
  EXPECT_NE(log[1].client.find("cmd=sentinel|masters user=u"), std::string::npos);
}

TEST_F(PermissionsTest, FailedAuthenticationIsLogged) {
  const auto client = connect();
  ask(client, {"AUTH", "nobody", "secret"});
  ask(client, {"HELLO", "3", "AUTH", "somebody", "secret"});
  const auto& log = sessions().acl_log().entries();
  ASSERT_EQ(log.size(), 2U);
  EXPECT_EQ(log[0].reason, "auth");
  EXPECT_EQ(log[0].object, "HELLO");
  EXPECT_EQ(log[0].user, "somebody");
  EXPECT_EQ(log[0].client.find("secret"), std::string::npos);
}

TEST_F(PermissionsTest, ClientsOfARemovedUserAreClosed) {
  const auto admin = connect();
  ask(admin, {"ACL", "SETUSER", "u", "on", "nopass", "+@all"});
  const auto other = connect_as("u");
  const auto own = connect_as("u");
  EXPECT_EQ(ask(own, {"ACL", "DELUSER", "u", "nobody"}), ":1|") << "who removes itself is told";
  EXPECT_FALSE(is_open(own));
  EXPECT_FALSE(is_open(other));
  EXPECT_TRUE(is_open(admin));
  EXPECT_EQ(ask(admin, {"ACL", "DELUSER", "default"}), "-ERR The 'default' user cannot be removed|");
}

TEST_F(PermissionsTest, ListenersAreClosedWhenTheyMayHearNoMore) {
  const auto admin = connect();
  ask(admin, {"ACL", "SETUSER", "u", "on", "nopass", "+@all", "&*"});
  const auto channel = connect_as("u");
  const auto pattern = connect_as("u");
  const auto idle = connect_as("u");
  send(channel, "SUBSCRIBE +x\r\n");
  send(pattern, "PSUBSCRIBE +*\r\n");
  ask(admin, {"ACL", "SETUSER", "u", "resetchannels", "&+*"});
  EXPECT_TRUE(is_open(channel));
  EXPECT_TRUE(is_open(pattern));
  ask(admin, {"ACL", "SETUSER", "u", "resetchannels", "&+x"});
  EXPECT_TRUE(is_open(channel));
  EXPECT_FALSE(is_open(pattern));
  ask(admin, {"ACL", "SETUSER", "u", "resetchannels", "-@all", "off"});
  EXPECT_FALSE(is_open(channel));
  EXPECT_TRUE(is_open(idle)) << "who is in stays in, with the rights that are left";
}

TEST_F(PermissionsTest, StrangersAreLetInOnlyWhileTheDefaultUserNeedsNoPassword) {
  const auto admin = connect();
  ask(admin, {"ACL", "SETUSER", "root", "on", "nopass", "+@all"});
  ask(admin, {"AUTH", "root", "any"});
  ask(admin, {"ACL", "SETUSER", "default", ">secret"});
  const auto stranger = connect();
  EXPECT_EQ(ask(stranger, {"PING"}), "-NOAUTH Authentication required.|");
  ask(admin, {"ACL", "SETUSER", "default", "nopass"});
  EXPECT_EQ(ask(stranger, {"PING"}), "+PONG|");
}

TEST_F(PermissionsTest, PasswordsAreMadeByTheGenerator) {
  const auto client = connect();
  const std::string first = ask(client, {"ACL", "GENPASS"});
  EXPECT_EQ(first.size(), std::string("$64|").size() + 64 + 1);
  EXPECT_NE(ask(client, {"ACL", "GENPASS"}), first);
  EXPECT_EQ(ask(client, {"ACL", "GENPASS", "5"}).substr(0, 3), "$2|");
  EXPECT_EQ(ask(client, {"ACL", "GENPASS", "4096"}).substr(0, 6), "$1024|");
}

// --- The ACL file ---------------------------------------------------------------------------------------------------

TEST_F(PermissionsTest, WithoutAnAclFileThereIsNothingToLoad) {
  const auto client = connect();
  EXPECT_EQ(ask(client, {"ACL", "LOAD"}).substr(0, 60), "-ERR This Redis instance is not configured to use an ACL fil");
  EXPECT_TRUE(node.acl_reads.empty());
}

TEST_F(PermissionsTest, LoadTakesAllUsersOfTheFileOrNone) {
  settings.acl_file = "users.acl";
  const auto admin = connect();
  ask(admin, {"ACL", "SETUSER", "old", "on", "nopass", "+@all"});
  const auto client = connect_as("old");
  EXPECT_EQ(ask(client, {"ACL", "LOAD"}), "");
  finish_acl_load(sessions(), now, node.acl_reads.at(0), std::string("user new +foo\n"));
  EXPECT_EQ(take(client).substr(0, 23), "-ERR users.acl:1: Error");
  EXPECT_NE(sessions().users().find("old"), nullptr);
  ask(client, {"ACL", "LOAD"});
  finish_acl_load(sessions(), now, node.acl_reads.at(1), Error{"No such file"});
  EXPECT_EQ(vedette::testing::on_one_line(take(client)),
            "-ERR Error loading ACLs, opening file 'users.acl': No such file|");
  ask(client, {"ACL", "LOAD"});
  finish_acl_load(sessions(), now, node.acl_reads.at(2), std::string("user new on nopass +@all\n"));
  EXPECT_EQ(take(client), "+OK\r\n") << "who asked is told, and closed then";
  EXPECT_FALSE(is_open(client));
  EXPECT_TRUE(is_open(admin));
  EXPECT_EQ(sessions().users().find("old"), nullptr);
  EXPECT_NE(sessions().users().find("new"), nullptr);
}

TEST_F(PermissionsTest, SaveWritesAllUsers) {
  settings.acl_file = "users.acl";
  const auto client = connect();
  ask(client, {"ACL", "SETUSER", "u", "on"});
  ask(client, {"ACL", "SAVE"});
  EXPECT_EQ(node.acl_writes.at(0).second, "user default on nopass ~* &* +@all\nuser u on resetchannels -@all\n");
  finish_acl_save(sessions(), now, node.acl_writes.at(0).first, Ok{});
  EXPECT_EQ(take(client), "+OK\r\n");
  ask(client, {"ACL", "SAVE"});
  finish_acl_save(sessions(), now, node.acl_writes.at(1).first, Error{"no space"});
  EXPECT_EQ(vedette::testing::on_one_line(take(client)),
            "-ERR There was an error trying to save the ACLs. Please check the server logs for more information|");
}

}  // namespace
}  // namespace vedette::node
