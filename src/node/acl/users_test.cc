#include "node/acl/users.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/words.h"
#include "node/acl/files.h"
#include "node/acl/log.h"
#include "node/commands.h"

namespace vedette::node::acl {
namespace {

class Acl : public ::testing::Test {
 protected:
  // What SETUSER says to the rules of this line; empty: OK.
  std::string set(std::string_view rules, std::string_view name = "u") {
    const Status changed = users.set(name, *split_words(rules));
    return changed ? "" : changed.error().message;
  }

  std::string reason(std::string_view rules) {
    const std::string error = set(rules);
    const std::size_t end = error.find("': ");
    return end == std::string::npos ? error : error.substr(end + 3);
  }

  std::string text() const { return users.find("u")->text(); }

  // What is refused: "" for nothing, "command x" or "channel x".
  std::string refused(std::string_view request) const {
    const auto words = *split_words(request);
    const auto denial = users.find("u")->check(*find_called(words), words);
    if (!denial) return "";
    return (denial->reason == Denial::Reason::kCommand ? "command " : "channel ") + denial->object;
  }

  Users users;
};

constexpr const char* kFooHash = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

// --- Rules and what is shown of them
// ----------------------------------------------------------------------------------

TEST_F(Acl, ANewUserMayDoNothing) {
  EXPECT_EQ(set(""), "");
  EXPECT_EQ(text(), "off resetchannels -@all");
  EXPECT_EQ(refused("PING"), "command ping");
  EXPECT_FALSE(users.authenticate("u", ""));
}

TEST_F(Acl, TheDefaultUserMayDoEverything) {
  EXPECT_EQ(users.default_user().text(), "on nopass ~* &* +@all");
  EXPECT_TRUE(users.are_let_in());
  EXPECT_EQ(Users("foo").default_user().text(), fmt::format("on #{} ~* &* +@all", kFooHash));
  EXPECT_FALSE(Users("foo").are_let_in());
}

TEST_F(Acl, RulesAreShownInOneOrder) {
  EXPECT_EQ(set("+@pubsub (~x +ping &c) >foo ~a %R~b %W~c %RW~d &x &y on sanitize-payload"), "");
  EXPECT_EQ(text(), fmt::format("on sanitize-payload #{} ~a %R~b %W~c ~d resetchannels &x &y -@all +@pubsub "
                                "(~x resetchannels &c -@all +ping)",
                                kFooHash));
}

TEST_F(Acl, EveryRuleHasItsEffect) {
  const std::vector<std::pair<const char*, const char*>> cases{
      {"ON ALLKEYS AllChannels ALLCOMMANDS", "on ~* &* +@all"},
      {"on off", "off resetchannels -@all"},
      {"nopass", "off nopass resetchannels -@all"},
      {"nopass resetpass", "off resetchannels -@all"},
      {">foo nopass", "off nopass resetchannels -@all"},
      {">foo <foo", "off resetchannels -@all"},
      {">foo >foo", "off #2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae resetchannels -@all"},
      {"~a ~b ~a %R~a resetkeys ~c", "off ~c resetchannels -@all"},
      {"%R~a %W~a", "off ~a resetchannels -@all"},
      {"%R~* %W~*", "off ~* resetchannels -@all"},
      {"~a allkeys", "off ~* resetchannels -@all"},
      {"&a &b &a", "off resetchannels &a &b -@all"},
      {"&a &*", "off &* -@all"},
      {"&a resetchannels", "off resetchannels -@all"},
      {"+@all -PING", "off resetchannels +@all -ping"},
      {"+@all nocommands", "off resetchannels -@all"},
      {"(+ping) clearselectors", "off resetchannels -@all"},
      {"(+ping ( )", "off resetchannels -@all (resetchannels -@all)"},
      {"on >foo ~* &* +@all (+ping) reset", "off sanitize-payload resetchannels -@all"},
      {"skip-sanitize-payload", "off skip-sanitize-payload resetchannels -@all"},
  };
  for (const auto& [rules, wanted] : cases) {
    users = Users();
    EXPECT_EQ(set(rules), "") << rules;
    EXPECT_EQ(text(), wanted) << rules;
  }
}

TEST_F(Acl, WhatCannotBeAppliedIsSaid) {
  const std::string syntax = "Syntax error";
  const std::string unknown = "Unknown command or category name in ACL";
  const std::string hash =
      "The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters";
  const std::string missing = "The password you are trying to remove from the user does not exist";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"nonsense", syntax},
      {"%~x", syntax},
      {"%RR~a", syntax},
      {"'~a b'", syntax},
      {"'&a b'", syntax},
      {"+client|", syntax},
      {"(on)", syntax},
      {"'(~a) +ping)'", syntax},
      {"'+ping|a b'", syntax},
      {"(+ping (~x) )", syntax},
      {")", syntax},
      {"+foo", unknown},
      {"-foo", unknown},
      {"+", unknown},
      {"+@foo", unknown},
      {"-ping|foo", unknown},
      {"+foo|bar", unknown},
      {"+sentinel|foo", unknown},
      {"+info|server|x", unknown},
      {"(+ping)(~x)", unknown},
      {"+sentinel|masters|x", "Allowing first-arg of a subcommand is not supported"},
      {"<foo", missing},
      {"!" + std::string(64, 'a'), missing},
      {"#abc", hash},
      {"allkeys ~x",
       "Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any effect. Try "
       "'resetkeys' to start with an empty list of patterns"},
      {"&* &x",
       "Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not have any effect. "
       "Try "
       "'resetchannels' to start with an empty list of channels"},
      {"(+ping", "ERR Unmatched parenthesis in acl selector starting at '(+ping'."},
  };
  for (const auto& [rules, wanted] : cases) EXPECT_EQ(reason(rules), wanted) << rules;
  EXPECT_EQ(set("on +foo"), "ERR Error in ACL SETUSER modifier '+foo': " + unknown);
  EXPECT_EQ(users.find("u"), nullptr) << "all or nothing";
}

TEST_F(Acl, NamesHaveNoBlanks) {
  const std::string error = "ERR Usernames can't contain spaces or null characters";
  EXPECT_EQ(set("on", "a b"), error);
  EXPECT_EQ(set("on", "a\n"), error);
  EXPECT_EQ(set("on", std::string_view("a\0b", 3)), error);
  EXPECT_NE(set("on", ""), "");
  EXPECT_EQ(set("on", std::string(kMaxUserNameBytes, 'x')), "");
  EXPECT_NE(set("on", std::string(kMaxUserNameBytes + 1, 'x')), "");
}

TEST_F(Acl, SizesAreLimited) {
  EXPECT_EQ(set("~" + std::string(kMaxRuleBytes - 1, 'x')), "");
  EXPECT_NE(set("~" + std::string(kMaxRuleBytes, 'y')), "");
  std::string last;
  for (int i = 0; i < 1000 && last.empty(); ++i) last = set(fmt::format("~{:0100}", i));
  EXPECT_NE(last, "");
  EXPECT_LE(text().size(), kMaxUserBytes);
}

// --- Commands -------------------------------------------------------------------------------------------------------

TEST_F(Acl, TheLastRuleThatSpeaksOfACommandDecides) {
  set("+@all -@admin +sentinel|masters -ping +client -client|kill");
  EXPECT_EQ(refused("SENTINEL masters"), "");
  EXPECT_EQ(refused("SENTINEL master x"), "command sentinel|master");
  EXPECT_EQ(refused("PING"), "command ping");
  EXPECT_EQ(refused("CLIENT list"), "");
  EXPECT_EQ(refused("CLIENT kill x"), "command client|kill");
  EXPECT_EQ(refused("ACL whoami"), "");
  EXPECT_EQ(refused("ACL list"), "command acl|list");
  set("-client");
  EXPECT_EQ(refused("CLIENT list"), "command client|list");
  EXPECT_EQ(text(), "off resetchannels +@all -@admin +sentinel|masters -ping -client");
}

TEST_F(Acl, AFirstArgumentMayBeAllowed) {
  set("+ping|a +PING|B");
  EXPECT_EQ(text(), "off resetchannels -@all +ping|a +ping|B");
  EXPECT_EQ(refused("PING"), "command ping");
  EXPECT_EQ(refused("PING A"), "");
  EXPECT_EQ(refused("PING b"), "");
  EXPECT_EQ(refused("PING c"), "command ping");
  set("-ping");
  EXPECT_EQ(refused("PING a"), "command ping");
}

// --- Channels and selectors
// ----------------------------------------------------------------------------------------------

TEST_F(Acl, ChannelsMustMatchAndPatternsBeTheSame) {
  set("+@pubsub &x* &+sdown");
  EXPECT_EQ(refused("SUBSCRIBE xa +sdown"), "");
  EXPECT_EQ(refused("SUBSCRIBE xa y"), "channel y");
  EXPECT_EQ(refused("PSUBSCRIBE x*"), "");
  EXPECT_EQ(refused("PSUBSCRIBE xa*"), "channel xa*");
  EXPECT_EQ(refused("PUBLISH y x"), "channel y");
  EXPECT_EQ(refused("PUBLISH x y"), "");
  EXPECT_EQ(refused("UNSUBSCRIBE y"), "");
}

TEST_F(Acl, ASelectorMustAllowAllByItself) {
  set("+subscribe &a* (+publish &b*) (+ping &c*)");
  EXPECT_EQ(refused("SUBSCRIBE a1 a2"), "");
  EXPECT_EQ(refused("SUBSCRIBE a1 b2"), "channel b2");
  EXPECT_EQ(refused("PUBLISH b1 x"), "");
  EXPECT_EQ(refused("PUBLISH a1 x"), "channel a1") << "the selector that came furthest is told";
  EXPECT_EQ(refused("PING"), "");
  EXPECT_EQ(refused("INFO"), "command info");
}

// --- Passwords ------------------------------------------------------------------------------------------------------

TEST_F(Acl, AnyOfThePasswordsOpens) {
  set("on >foo >bar");
  EXPECT_TRUE(users.authenticate("u", "foo"));
  EXPECT_TRUE(users.authenticate("u", "bar"));
  EXPECT_FALSE(users.authenticate("u", "baz"));
  EXPECT_FALSE(users.authenticate("v", "foo"));
  set("off");
  EXPECT_FALSE(users.authenticate("u", "foo"));
  set("on nopass");
  EXPECT_TRUE(users.authenticate("u", "anything"));
}

// --- Files ----------------------------------------------------------------------------------------------------------

TEST_F(Acl, AFileIsReadAsItWasWritten) {
  set("on >foo ~* &+* -@all +@pubsub (+ping ~x)");
  set("-ping", "default");
  const std::string file = render_acl_file(users);
  const auto read = parse_acl_file(file, "users.acl");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->find("u")->text(), text());
  EXPECT_EQ(read->all().size(), 2U);
  EXPECT_EQ(parse_acl_file("\n  user v on\r\n", "users.acl")->find("v")->text(), "on resetchannels -@all");
}

TEST_F(Acl, AllThatIsWrongWithAFileIsSaid) {
  const auto read = parse_acl_file("foo\nuser a +foo\n\nuser a\nuser b <secret\nuser", "f");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message,
            "f:1 should start with user keyword followed by the username. "
            "f:2: Error in applying operation '+foo': Unknown command or category name in ACL. "
            "WARNING: Duplicate user 'a' found on line 4. "
            "f:5: The password you are trying to remove from the user does not exist. "
            "f:6 should start with user keyword followed by the username. "
            "WARNING: ACL errors detected, no change to the previously active ACL rules was performed");
}

TEST_F(Acl, ALogGetsNoPasswords) {
  const auto read = users_of({{"a", "<secret"}}, "");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message.find("secret"), std::string::npos);
}

// --- The log --------------------------------------------------------------------------------------------------------

LogEntry entry(std::string object, Seconds at) {
  LogEntry entry;
  entry.reason = "command";
  entry.object = std::move(object);
  entry.at = Instant(at);
  return entry;
}

TEST(AclLog, GroupsWhatIsAlikeForAMinute) {
  Log log(128);
  log.add(entry("ping", 10s));
  log.add(entry("info", 20s));
  log.add(entry("ping", 70s));
  ASSERT_EQ(log.entries().size(), 2U);
  EXPECT_EQ(log.entries()[0].object, "ping");
  EXPECT_EQ(log.entries()[0].count, 2U);
  log.add(entry("ping", 131s));
  EXPECT_EQ(log.entries().size(), 3U);
}

TEST(AclLog, IsBounded) {
  Log log(2);
  for (const char* object : {"a", "b", "c"}) log.add(entry(object, 1s));
  ASSERT_EQ(log.entries().size(), 2U);
  EXPECT_EQ(log.entries()[1].object, "b");
  log.add(entry(std::string(Log::kMaxTextBytes + 1, 'x'), 1s));
  EXPECT_EQ(log.entries()[0].object.size(), Log::kMaxTextBytes);
  Log none(0);
  none.add(entry("a", 1s));
  EXPECT_TRUE(none.entries().empty());
}

}  // namespace
}  // namespace vedette::node::acl
