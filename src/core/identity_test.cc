// A sentinel without an identity on disk is nobody yet: were it heard of and then crashed, it would come back under
// another id, and the others would count a voter that does not exist.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/core.h"

namespace vedette::core {
namespace {

Knowledge newcomer() {
  Knowledge knowledge;
  knowledge.my_id = RunId{std::string(40, 'a')};
  knowledge.must_be_saved = true;
  KnownPrimary& primary = knowledge.primaries.emplace_back();
  primary.name = "mymaster";
  primary.address = {"10.0.0.1", 6379};
  return knowledge;
}

bool says_hello(const Output& output) {
  return std::any_of(output.effects.begin(), output.effects.end(),
                     [](const Effect& effect) { return std::holds_alternative<SendHello>(effect); });
}

TEST(Identity, NobodyHearsOfUsBeforeItIsOnDisk) {
  SplitMix64 rng(1);
  Core core(newcomer(), rng, Instant{});
  const Output first = core.take_output();
  ASSERT_TRUE(first.persist.has_value());

  const InstanceId primary = core.state().primaries.at("mymaster").server.id;
  core.step(Instant{1ms}, LinkUp{primary});
  EXPECT_FALSE(says_hello(core.take_output()));
  core.step(Instant{50ms}, SaveFinished{first.persist->revision, Error{"disk full"}});
  EXPECT_FALSE(says_hello(core.take_output()));

  core.step(Instant{2s}, TimerFired{});
  const Output second = core.take_output();
  ASSERT_TRUE(second.persist.has_value());
  EXPECT_FALSE(says_hello(second));
  core.step(Instant{2s + 10ms}, SaveFinished{second.persist->revision, Ok{}});
  EXPECT_TRUE(says_hello(core.take_output()));
}

}  // namespace
}  // namespace vedette::core
