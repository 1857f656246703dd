#include "sim/campaign.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/action.h"

namespace vedette::sim {
namespace {

CampaignSettings minutes(std::uint64_t seed, int count) {
  CampaignSettings settings;
  settings.world.seed = seed;
  settings.duration = std::chrono::minutes(count);
  return settings;
}

TEST(Campaign, IsTheSameEveryTime) {
  const CampaignReport once = run_campaign(minutes(5, 5), nullptr);
  const CampaignReport again = run_campaign(minutes(5, 5), nullptr);
  EXPECT_EQ(once.trace_hash, again.trace_hash);
  EXPECT_EQ(once.figures.events, again.figures.events);
  EXPECT_NE(once.trace_hash, run_campaign(minutes(6, 5), nullptr).trace_hash);
}

TEST(Campaign, SeesFailoversAndBreaksNoInvariant) {
  std::uint64_t failovers = 0;
  for (std::uint64_t seed = 100; seed < 110; ++seed) {
    const CampaignReport report = run_campaign(minutes(seed, 5), nullptr);
    EXPECT_EQ(report.outcome, Outcome::kWell) << "seed " << seed << ": " << report.reason;
    failovers += report.figures.failovers;
  }
  EXPECT_GT(failovers, 20U);
}

// No decision depends on the wall clock: the same happens whether it is set or not, also to who starts afterwards.
TEST(World, IsTheSameWhateverTheWallClocksSay) {
  const auto hash_with = [](Micros step) {
    World world(WorldSettings{});
    const auto pass = [&](Micros duration) { world.run_until(world.queue().now() + duration); };
    pass(20s);
    for (Sentinel* sentinel : world.sentinels()) sentinel->set_clock_by(step);
    EXPECT_TRUE(act(world, {"kill", "primary"}).ok());
    pass(5s);
    EXPECT_TRUE(act(world, {"kill", "sentinel-0"}).ok());
    EXPECT_TRUE(act(world, {"start", "sentinel-0"}).ok());
    EXPECT_TRUE(act(world, {"start", "redis-0-0"}).ok());
    pass(60s);
    EXPECT_EQ(world.unsettled(), std::nullopt);
    return world.trace().hash();
  };
  EXPECT_EQ(hash_with(-1h), hash_with(0s));
  EXPECT_EQ(hash_with(1h), hash_with(0s));
}

TEST(Campaign, OfAMixedFleetComesRightToo) {
  CampaignSettings settings = minutes(3, 10);
  settings.world.stock = 1;
  const CampaignReport report = run_campaign(settings, nullptr);
  EXPECT_EQ(report.outcome, Outcome::kWell) << report.reason;
  EXPECT_GT(report.figures.failovers, 5U);
}

TEST(Campaign, OfStockSentinelsAloneComesRightToo) {
  CampaignSettings settings = minutes(4, 10);
  settings.world.stock = 3;
  const CampaignReport report = run_campaign(settings, nullptr);
  EXPECT_EQ(report.outcome, Outcome::kWell) << report.reason;
  EXPECT_GT(report.figures.failovers, 5U);
}

TEST(Campaign, WithHostNamesComesRightToo) {
  CampaignSettings settings = minutes(2, 10);
  settings.world.host_names = true;
  const CampaignReport report = run_campaign(settings, nullptr);
  EXPECT_EQ(report.outcome, Outcome::kWell) << report.reason;
  EXPECT_GT(report.figures.failovers, 5U);
}

TEST(Campaign, LetsNeighboursTakeEachOthersAddresses) {
  CampaignSettings settings = minutes(1, 5);
  settings.faults = parse_fault_weights("address-taken").value();
  EXPECT_EQ(run_campaign(settings, nullptr).figures.address_reuses, 0U) << "there are none";
  settings.world.neighbours = Neighbours::kOtherName;
  EXPECT_GT(run_campaign(settings, nullptr).figures.address_reuses, 0U);
}

TEST(FaultWeights, AreReadFromText) {
  EXPECT_EQ(parse_fault_weights("all").value(), Faults::all());
  const FaultWeights some = parse_fault_weights("primary-killed=3,network-split").value();
  EXPECT_EQ(some, (FaultWeights{{"primary-killed", 3}, {"network-split", Faults::all().at("network-split")}}));
  EXPECT_FALSE(parse_fault_weights("earthquake"));
  EXPECT_FALSE(parse_fault_weights("network-split=0"));
  EXPECT_FALSE(parse_fault_weights(""));
}

TEST(Campaign, NoticesThatNothingComesRightInTime) {
  CampaignSettings settings = minutes(5, 20);
  settings.bound = 1ms;
  const CampaignReport report = run_campaign(settings, nullptr);
  EXPECT_EQ(report.outcome, Outcome::kNoProgress);
  EXPECT_THAT(report.reason, ::testing::HasSubstr("after everything was mended"));
}

}  // namespace
}  // namespace vedette::sim
