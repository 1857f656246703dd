#include "node/pubsub.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vedette::node {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr ConnectionId kAnn{1};
constexpr ConnectionId kBob{2};

TEST(Topics, CountsEachTopicOnce) {
  Topics topics;
  EXPECT_TRUE(topics.add(kAnn, "+sdown"));
  EXPECT_FALSE(topics.add(kAnn, "+sdown"));
  EXPECT_TRUE(topics.add(kAnn, "+odown"));
  EXPECT_EQ(topics.count(kAnn), 2U);
  EXPECT_EQ(topics.bytes(kAnn), 12U);
  EXPECT_EQ(topics.count(kBob), 0U);
  EXPECT_THAT(topics.of(kAnn), ElementsAre("+odown", "+sdown"));
}

TEST(Topics, ForgetsTopicsWithoutListeners) {
  Topics topics;
  topics.add(kAnn, "a");
  topics.add(kBob, "a");
  EXPECT_FALSE(topics.remove(kAnn, "b"));
  EXPECT_TRUE(topics.remove(kAnn, "a"));
  EXPECT_FALSE(topics.remove(kAnn, "a"));
  EXPECT_EQ(topics.all().size(), 1U);
  EXPECT_EQ(topics.bytes(kAnn), 0U);
  topics.drop(kBob);
  EXPECT_THAT(topics.all(), IsEmpty());
  topics.drop(kBob);
}

TEST(PubSub, ServesTheChannelFirstAndThenEveryPatternThatMatches) {
  PubSub pubsub;
  pubsub.patterns.add(kAnn, "+*");
  pubsub.patterns.add(kAnn, "*down");
  pubsub.patterns.add(kBob, "-*");
  pubsub.channels.add(kBob, "+sdown");

  const auto audiences = pubsub.audiences_of("+sdown");
  ASSERT_EQ(audiences.size(), 3U);
  EXPECT_EQ(audiences[0].pattern, std::nullopt);
  EXPECT_THAT(audiences[0].listeners, ElementsAre(kBob));
  EXPECT_EQ(audiences[1].pattern, "*down");
  EXPECT_EQ(audiences[2].pattern, "+*");
  EXPECT_THAT(audiences[2].listeners, ElementsAre(kAnn));
}

TEST(PubSub, SendsNothingMoreToOneThatLeft) {
  PubSub pubsub;
  pubsub.patterns.add(kAnn, "*");
  pubsub.channels.add(kAnn, "a");
  EXPECT_EQ(pubsub.count(kAnn), 2U);
  pubsub.drop(kAnn);
  EXPECT_EQ(pubsub.count(kAnn), 0U);
  EXPECT_THAT(pubsub.audiences_of("a"), IsEmpty());
}

}  // namespace
}  // namespace vedette::node
