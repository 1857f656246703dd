// What others can make us know is bounded, and we say so when a bound is reached.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/core.h"
#include "core/hearsay.h"
#include "core/probing.h"
#include "core/topology.h"
#include "tests/support/model_server.h"

namespace vedette::core {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;

constexpr Instant kNow{100s};

class Limits : public ::testing::Test {
 protected:
  Limits() { tell(LinkUp{shop().server.id}); }

  static Knowledge one_primary() {
    Knowledge knowledge;
    knowledge.my_id = testing::run_id('a');
    knowledge.primaries.push_back({"shop", {"10.0.0.1", 6379}, {}, {}, {}, {}, {}});
    return knowledge;
  }
  const Primary& shop() const { return core.state().primaries.at("shop"); }
  std::vector<std::string> tell(const Input& input) {
    core.step(kNow, input);
    std::vector<std::string> logged;
    for (const Effect& effect : core.take_output().effects) {
      if (const auto* log = std::get_if<Log>(&effect)) logged.push_back(log->text);
    }
    return logged;
  }
  std::vector<std::string> tell_of_replicas(std::size_t first, std::size_t count) {
    std::string info = fmt::format("role:master\r\nmaster_replid:{}\r\n", testing::forty('a'));
    for (std::size_t i = 0; i < count; ++i) {
      info += fmt::format("slave{}:ip=10.1.{}.{},port=6379\r\n", i, (first + i) / 256, (first + i) % 256);
    }
    return tell(InfoReplied{shop().server.id, info});
  }
  std::vector<std::string> hear_of(std::size_t number) {
    proto::Hello hello;
    hello.sender = {fmt::format("10.2.{}.{}", number / 256, number % 256), 26379};
    hello.sender_id = RunId{fmt::format("{:040x}", number + 1)};
    hello.primary_name = "shop";
    hello.primary = shop().server.address;
    return tell(HelloReceived{hello});
  }

  SplitMix64 rng{1};
  Core core{one_primary(), rng, kNow};
};

TEST_F(Limits, Replicas) {
  EXPECT_THAT(tell_of_replicas(0, kMaxReplicasPerPrimary), ::testing::IsEmpty());
  EXPECT_EQ(shop().replicas.size(), kMaxReplicasPerPrimary);
  EXPECT_THAT(tell_of_replicas(kMaxReplicasPerPrimary, 2),
              Contains(AllOf(HasSubstr("more than 4096 replicas"), HasSubstr("10.1.16.0:6379"))));
  EXPECT_EQ(shop().replicas.size(), kMaxReplicasPerPrimary);
}

TEST_F(Limits, ReplicasThatWerePrimaries) {
  tell_of_replicas(0, kMaxReplicasPerPrimary);
  hear_of(0);
  for (std::uint64_t epoch = 1; epoch <= 3; ++epoch) {
    proto::Hello hello;
    hello.sender = {"10.2.0.0", 26379};
    hello.sender_id = RunId{fmt::format("{:040x}", 1)};
    hello.primary_name = "shop";
    hello.primary = {fmt::format("10.9.9.{}", epoch), 6379};
    hello.config_epoch = Epoch{epoch};
    tell(HelloReceived{hello});
    const InstanceId asked = shop().outsiders.at(hello.primary).server.id;
    tell(LinkUp{asked});
    tell(InfoReplied{asked, fmt::format("role:master\r\nmaster_replid:{}\r\n", testing::forty('a'))});
    EXPECT_EQ(shop().server.address, hello.primary);
    EXPECT_EQ(shop().replicas.size(), kMaxReplicasPerPrimary);
  }
}

// Whoever says hello can name any address: we do not connect to all of them at once.
TEST_F(Limits, InquiriesAndHearsay) {
  for (std::size_t i = 0; i < kMaxHearsay + 10; ++i) {
    proto::Hello hello;
    hello.sender = {fmt::format("10.2.{}.{}", i / 256, i % 256), 26379};
    hello.sender_id = RunId{fmt::format("{:040x}", i + 1)};
    hello.primary_name = "shop";
    hello.primary = {fmt::format("10.9.{}.{}", i / 256, i % 256), 6379};
    hello.config_epoch = Epoch{5};
    tell(HelloReceived{hello});
  }
  EXPECT_EQ(shop().outsiders.size(), kMaxInquiriesPerPrimary);
  EXPECT_EQ(shop().hearsay.size(), kMaxHearsay);
  EXPECT_TRUE(shop().sentinels.empty());
  EXPECT_EQ(shop().server.address.host, "10.0.0.1");
}

TEST_F(Limits, Sentinels) {
  for (std::size_t i = 0; i < kMaxSentinelsPerPrimary; ++i) {
    EXPECT_THAT(hear_of(i), ::testing::IsEmpty());
  }
  EXPECT_EQ(shop().sentinels.size(), kMaxSentinelsPerPrimary);
  EXPECT_THAT(hear_of(kMaxSentinelsPerPrimary), Contains(HasSubstr("has 256 sentinels, which is the limit")));
  EXPECT_EQ(shop().sentinels.size(), kMaxSentinelsPerPrimary);
  EXPECT_EQ(core.state().peers.size(), kMaxSentinelsPerPrimary);
}

// All are pinged in the instant in which their links are up, some in each step.
TEST(Turns, OfVeryManyPrimariesAreShared) {
  Knowledge knowledge;
  knowledge.my_id = testing::run_id('a');
  for (std::size_t i = 0; i < 2 * Core::kUnitsInATurn + 1; ++i) {
    knowledge.primaries.push_back({fmt::format("shop-{}", i), {"10.0.0.1", 6379}, {}, {}, {}, {}, {}});
  }
  SplitMix64 rng{1};
  Core core{knowledge, rng, kNow};
  while (core.next_deadline() <= kNow) core.step(kNow, TimerFired{});
  for (const auto& [name, primary] : core.state().primaries) core.step(kNow, LinkUp{primary.server.id});
  core.take_output();

  const auto pings = [&core] {
    const Output output = core.take_output();
    return static_cast<std::size_t>(
        std::count_if(output.effects.begin(), output.effects.end(),
                      [](const Effect& effect) { return std::holds_alternative<SendPing>(effect); }));
  };
  const Instant next = *core.next_deadline();
  for (const std::size_t expected : {Core::kUnitsInATurn, Core::kUnitsInATurn, std::size_t{1}}) {
    EXPECT_LE(core.next_deadline(), next);
    core.step(next, TimerFired{});
    EXPECT_EQ(pings(), expected);
  }
  EXPECT_GT(core.next_deadline(), next);
}

TEST(SilentLinks, AreReplacedSoManyAtATime) {
  Knowledge knowledge;
  knowledge.my_id = testing::run_id('a');
  for (std::size_t i = 0; i < kReplacedAtOnce + 2; ++i) {
    knowledge.primaries.push_back({fmt::format("shop-{}", i), {"10.0.0.1", 6379}, {}, {}, {}, {}, {}});
  }
  SplitMix64 rng{1};
  Core core{knowledge, rng, kNow};
  std::vector<InstanceId> replaced;
  const auto tell = [&](Instant now, const Input& input) {
    core.step(now, input);
    for (const Effect& effect : core.take_output().effects) {
      if (const auto* relink = std::get_if<Relink>(&effect)) replaced.push_back(relink->instance);
    }
  };
  const auto pass_until = [&](Instant end) {
    while (core.next_deadline() <= end) tell(*core.next_deadline(), TimerFired{});
  };
  for (const auto& [name, primary] : core.state().primaries) tell(kNow, LinkUp{primary.server.id});
  const Instant silent = kNow + PrimarySettings().down_after / 2;
  pass_until(silent);
  EXPECT_EQ(replaced.size(), kReplacedAtOnce);
  tell(silent + 1ms, LinkUp{replaced[7]});
  tell(silent + 2ms, PingReplied{replaced[7], proto::PingReply::kPong});
  pass_until(silent + 3ms);
  EXPECT_EQ(replaced.size(), kReplacedAtOnce + 1) << "one has answered";
  pass_until(silent + kReplacementPatience);
  EXPECT_EQ(replaced.size(), kReplacedAtOnce + 2);
}

// A stranger's hello could otherwise not be told from a known one's.
TEST_F(Limits, ASentinelThatIsKnownIsHeardBeyondTheLimit) {
  for (std::size_t i = 0; i <= kMaxSentinelsPerPrimary; ++i) hear_of(i);
  EXPECT_THAT(hear_of(7), ::testing::IsEmpty());
}

}  // namespace
}  // namespace vedette::core
