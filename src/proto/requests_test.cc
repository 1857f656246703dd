#include "proto/requests.h"

#include <gtest/gtest.h>

namespace vedette::proto {
namespace {

using request::Arguments;

const RunId kId{std::string(RunId::kLength, 'a')};
const Hello kHello{.sender = {"10.0.0.9", 26379},
                   .sender_id = kId,
                   .current_epoch = Epoch{3},
                   .primary_name = "m",
                   .primary = {"10.0.0.1", 6379},
                   .config_epoch = Epoch{2}};

// As seen by MONITOR on a server that redis-sentinel 7.0 watches.
TEST(Requests, AreThoseOfTheOriginal) {
  EXPECT_EQ(request::auth("", "secret", {}), (Arguments{"AUTH", "secret"}));
  EXPECT_EQ(request::auth("user", "secret", {}), (Arguments{"AUTH", "user", "secret"}));
  EXPECT_EQ(request::client_setname("x", {}), (Arguments{"CLIENT", "SETNAME", "x"}));
  EXPECT_EQ(request::ping({}), Arguments{"PING"});
  EXPECT_EQ(request::info({}), Arguments{"INFO"});
  EXPECT_EQ(request::subscribe_hello({}), (Arguments{"SUBSCRIBE", "__sentinel__:hello"}));
  EXPECT_EQ(request::publish_hello(kHello, {}),
            (Arguments{"PUBLISH", "__sentinel__:hello", "10.0.0.9,26379," + kId.hex + ",3,m,10.0.0.1,6379,2"}));
  EXPECT_EQ(request::script_kill({}), (Arguments{"SCRIPT", "KILL"}));
}

TEST(Requests, OfferTheNewProtocol) {
  EXPECT_EQ(request::speak_resp3({}), (Arguments{"HELLO", "3"}));
  EXPECT_EQ(request::speak_resp3({{"HELLO", "hidden"}}), (Arguments{"hidden", "3"}));
}

TEST(Requests, AskForAnOpinionOrAVote) {
  EXPECT_EQ(request::is_primary_down({"10.0.0.1", 6379}, Epoch{7}, std::nullopt, {}),
            (Arguments{"SENTINEL", "is-master-down-by-addr", "10.0.0.1", "6379", "7", "*"}));
  EXPECT_EQ(request::is_primary_down({"::1", 6379}, Epoch{7}, kId, {}),
            (Arguments{"SENTINEL", "is-master-down-by-addr", "::1", "6379", "7", kId.hex}));
}

TEST(Requests, ReconfigureInOneTransaction) {
  std::vector<Arguments> expected{{"MULTI"},
                                  {"SLAVEOF", "10.0.0.1", "6379"},
                                  {"CONFIG", "REWRITE"},
                                  {"CLIENT", "KILL", "TYPE", "normal"},
                                  {"CLIENT", "KILL", "TYPE", "pubsub"},
                                  {"EXEC"}};
  EXPECT_EQ(request::reconfigure(Address{"10.0.0.1", 6379}, {}), expected);
  expected[1] = {"SLAVEOF", "NO", "ONE"};
  EXPECT_EQ(request::reconfigure(std::nullopt, {}), expected);
}

TEST(Requests, UseTheNamesThatTheServerKnows) {
  const RenamedCommands renamed{{"AUTH", "a1"},      {"CLIENT", "c1"},  {"PING", "p1"},     {"INFO", "i1"},
                                {"SUBSCRIBE", "s1"}, {"PUBLISH", "p2"}, {"SENTINEL", "s2"}, {"MULTI", "m1"},
                                {"SLAVEOF", "s3"},   {"CONFIG", "c2"},  {"EXEC", "e1"},     {"SCRIPT", "s4"}};
  EXPECT_EQ(request::auth("", "PING", renamed), (Arguments{"a1", "PING"}));
  EXPECT_EQ(request::client_setname("x", renamed)[0], "c1");
  EXPECT_EQ(request::ping(renamed)[0], "p1");
  EXPECT_EQ(request::info(renamed)[0], "i1");
  EXPECT_EQ(request::subscribe_hello(renamed)[0], "s1");
  EXPECT_EQ(request::publish_hello(kHello, renamed)[0], "p2");
  EXPECT_EQ(request::is_primary_down({"::1", 1}, Epoch{1}, std::nullopt, renamed)[0], "s2");
  EXPECT_EQ(request::script_kill(renamed)[0], "s4");
  std::vector<std::string> names;
  for (const Arguments& each : request::reconfigure(std::nullopt, renamed)) names.push_back(each[0]);
  EXPECT_EQ(names, (std::vector<std::string>{"m1", "s3", "c2", "c1", "c1", "e1"}));
}

}  // namespace
}  // namespace vedette::proto
