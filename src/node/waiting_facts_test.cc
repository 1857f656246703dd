#include "node/waiting_facts.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/link_world.h"

namespace vedette::node {
namespace {

constexpr InstanceId kServer{7};

class WaitingFactsTest : public ::testing::Test {
 protected:
  static core::InfoReplied info(const std::string& primary_host) {
    return {kServer, fmt::format("role:slave\r\nmaster_host:{}\r\nmaster_port:6379\r\n", primary_host)};
  }
  void answer(const std::string& name) { names.resolved(now, name, std::vector<std::string>{"10.0.0.1"}); }

  Instant now{Seconds(1000)};
  testing::FakeResolver resolver;
  testing::FakeLogger logger;
  NameBook names{resolver, logger};
  WaitingFacts waiting{names};
};

TEST_F(WaitingFactsTest, WhatNamesNobodyNeedNotWait) {
  EXPECT_FALSE(waiting.keep(now, info("10.0.0.1")));
  EXPECT_FALSE(waiting.keep(now, core::LinkUp{kServer}));
}

TEST_F(WaitingFactsTest, WaitsUntilAllNamesAreKnownOrTooLong) {
  proto::Hello hello;
  hello.sender = {"s1.example", 26379};
  hello.primary = {"db1.example", 6379};
  EXPECT_TRUE(waiting.keep(now, core::HelloReceived{hello}));
  answer("s1.example");
  EXPECT_TRUE(waiting.take_ready(now).empty());
  now += kNamePatience;
  names.on_timer(now);
  EXPECT_EQ(waiting.take_ready(now).size(), 1U);
  EXPECT_FALSE(waiting.keep(now, core::HelloReceived{hello})) << "what is not known now is not waited for again";
}

TEST_F(WaitingFactsTest, OfOneServerOnlyTheLastInfoOnItsPresentLinkWaits) {
  EXPECT_TRUE(waiting.keep(now, info("db1.example")));
  EXPECT_TRUE(waiting.keep(now, info("db2.example")));
  answer("db1.example");
  EXPECT_TRUE(waiting.take_ready(now).empty());
  EXPECT_FALSE(waiting.keep(now, core::LinkDown{kServer, core::LinkFault::kReset}));
  answer("db2.example");
  EXPECT_TRUE(waiting.take_ready(now).empty());
}

TEST_F(WaitingFactsTest, BeyondTheLimitNothingWaits) {
  core::PeerAsked question{AnswerToken{1}, {"db1.example", 6379}, Epoch{0}, std::nullopt, std::nullopt};
  for (std::size_t i = 0; i < kMaxWaitingFacts; ++i) EXPECT_TRUE(waiting.keep(now, question));
  EXPECT_FALSE(waiting.keep(now, question));
  answer("db1.example");
  EXPECT_EQ(waiting.take_ready(now).size(), kMaxWaitingFacts);
}

}  // namespace
}  // namespace vedette::node
