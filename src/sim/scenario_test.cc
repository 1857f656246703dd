#include "sim/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/duration.h"
#include "sim/finding.h"
#include "sim/stage.h"

namespace vedette::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string problem_of(const std::string& lines) {
  const auto parsed = parse_scenarios("=== a title\n" + lines + "\n");
  return parsed ? "" : parsed.error().message;
}

Verdict verdict_of(const std::string& lines) {
  const auto parsed = parse_scenarios("=== a title\n" + lines);
  EXPECT_TRUE(parsed) << parsed.error().message;
  return play(parsed->front());
}

// --- Durations ------------------------------------------------------------------------------------------------------

TEST(Durations, AreReadAndWritten) {
  for (const std::string_view text : {"0h", "7us", "200ms", "5s", "90s", "2m", "3h"}) {
    EXPECT_EQ(duration_text(parse_duration(text).value()), text);
  }
  EXPECT_EQ(parse_duration("1500ms").value(), Micros(1'500'000));
  for (const std::string_view text : {"", "5", "s", "-1s", "1.5s", "5 s", "5d", "10001h", "99999999999999999999s"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

// --- Reading --------------------------------------------------------------------------------------------------------

TEST(ScenarioFile, SettingsStepsAndExpectations) {
  const auto parsed = parse_scenarios(
      "prose\n\n=== one\n# why\nwith sentinels 5\nwith down-after 200ms\nwith host-names yes\nat 20s kill redis-0-0\n"
      "after 1s start redis-0-0 empty\nwhen sentinel-* says '+odown master' kill that\nwhen message 3 heal\n"
      "expect settled within 1m\n=== two\nexpect said * +sdown at least 2 times\n");
  ASSERT_TRUE(parsed) << parsed.error().message;
  ASSERT_EQ(parsed->size(), 2U);
  const Scenario& one = parsed->front();
  EXPECT_EQ(one.title, "one");
  EXPECT_EQ(one.prose, "# why\n");
  EXPECT_EQ(one.world.sentinels, 5U);
  EXPECT_EQ(one.world.down_after, 200ms);
  EXPECT_TRUE(one.world.host_names);
  ASSERT_EQ(one.steps.size(), 4U);
  EXPECT_EQ(std::get<At>(one.steps[0].trigger).since_the_beginning, 20s);
  EXPECT_THAT(one.steps[1].action, ElementsAre("start", "redis-0-0", "empty"));
  EXPECT_EQ(std::get<WhenSaid>(one.steps[2].trigger).text, "+odown master");
  EXPECT_EQ(one.steps[2].line, 10U);
  EXPECT_EQ(std::get<WhenMessage>(one.steps[3].trigger).number, 3U);
  EXPECT_EQ(std::get<Said>(parsed->back().expectations.front().content).at_least, 2U);
}

TEST(ScenarioFile, NeighboursAndHowTheyKnowTheirGroup) {
  const auto parsed = parse_scenarios("=== t\nwith neighbours same-name\nat 1s wait\nexpect elections 0\n");
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->front().world.neighbours, Neighbours::kSameName);
  const auto again = parse_scenarios(scenario_text({parsed->front().world, {}, Outcome::kNoProgress, "t", 1s}));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->front().world.neighbours, Neighbours::kSameName);
}

TEST(ScenarioFile, OneScenarioForEachValue) {
  const auto parsed =
      parse_scenarios("=== t\nfor N in 1..3\nfor WHO in a b\nat {N}s kill {WHO}\nexpect settled within {N}m\n");
  ASSERT_TRUE(parsed) << parsed.error().message;
  ASSERT_EQ(parsed->size(), 6U);
  EXPECT_EQ(parsed->at(3).title, "t, N = 2, WHO = b");
  EXPECT_THAT(parsed->at(3).steps.front().action, ElementsAre("kill", "b"));
}

TEST(ScenarioFile, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(problem_of("expect settled within 5s\nfoo bar"), HasSubstr("line 3: a line begins with"));
  EXPECT_THAT(problem_of("at 5 kill a"), HasSubstr("line 2: '5' is no duration"));
  EXPECT_THAT(problem_of("at 5s"), HasSubstr("expected 'at|after TIME ACTION'"));
  EXPECT_THAT(problem_of("when a says b"), HasSubstr("expected 'at|after TIME ACTION'"));
  EXPECT_THAT(problem_of("with sentinels many"), HasSubstr("'many' is no number"));
  EXPECT_THAT(problem_of("with sentinels 101"), HasSubstr("too much"));
  EXPECT_THAT(problem_of("with colour red"), HasSubstr("'red' is no number"));
  EXPECT_THAT(problem_of("with colour 1"), HasSubstr("no setting 'colour'"));
  EXPECT_THAT(problem_of("with neighbours nice"), HasSubstr("'same-name', the 'other-name' or 'none'"));
  EXPECT_THAT(problem_of("expect rain"), HasSubstr("no expectation 'expect rain'"));
  EXPECT_THAT(problem_of("expect elections many"), HasSubstr("no number"));
  EXPECT_THAT(problem_of("for N in 5..1"), HasSubstr("no range"));
  EXPECT_THAT(problem_of("for N"), HasSubstr("expected 'for NAME in VALUE...'"));
  EXPECT_THAT(problem_of("at 5s kill a"), HasSubstr("expects nothing"));
  EXPECT_THAT(problem_of("at 5s kill 'a"), HasSubstr("unbalanced quotes"));
  EXPECT_FALSE(parse_scenarios("no scenario at all"));
}

// --- Playing --------------------------------------------------------------------------------------------------------

TEST(Stage, SaysWhatWasNotAsExpected) {
  EXPECT_THAT(verdict_of("at 20s kill primary\nexpect settled within 100ms").reason, HasSubstr("line 3: group-0: "));
  EXPECT_THAT(verdict_of("at 20s wait\nexpect elections 1").reason, HasSubstr("there were 0"));
  EXPECT_THAT(verdict_of("at 20s wait\nexpect primary not redis-0-0").reason, HasSubstr("but it is"));
  EXPECT_THAT(verdict_of("at 20s wait\nexpect primary redis-0-1").reason, HasSubstr("but it is not"));
  EXPECT_THAT(verdict_of("at 20s wait\nexpect said * +odown").reason, HasSubstr("it was said 0 times"));
  EXPECT_THAT(verdict_of("at 20s kill primary\nafter 20s wait\nexpect pause at most 500ms").reason,
              HasSubstr("it was "));
}

TEST(Stage, ASentinelThatBeginsEmptyIsAnother) {
  const std::string again = "expect said sentinel-1 '+sentinel ' 3 times";
  const std::string steps = "at 20s kill sentinel-0\nafter 1s start sentinel-0";
  EXPECT_EQ(verdict_of(steps + " empty\nexpect settled within 30s\n" + again).reason, "");
  EXPECT_THAT(verdict_of(steps + "\n" + again).reason, HasSubstr("2 times"));
}

TEST(Stage, SaysWhichStepCannotBeTaken) {
  EXPECT_THAT(verdict_of("at 1s kill nobody\nexpect elections 0").reason, HasSubstr("line 2: there is no 'nobody'"));
  EXPECT_THAT(verdict_of("at 1s tickle redis-0-0\nexpect elections 0").reason, HasSubstr("no action 'tickle'"));
  EXPECT_THAT(verdict_of("at 1s cut redis-0-0\nexpect elections 0").reason, HasSubstr("expected 'cut FROM TO'"));
  EXPECT_THAT(verdict_of("at 1s disk redis-0-0 full\nexpect elections 0").reason,
              HasSubstr("redis-0-0 cannot do that"));
  EXPECT_THAT(verdict_of("at 1s disk sentinel-0 odd\nexpect elections 0").reason, HasSubstr("'odd' is no state"));
  EXPECT_THAT(verdict_of("with stock 1\nat 1s start stock-2 empty\nexpect elections 0").reason,
              HasSubstr("cannot do that"));
  EXPECT_THAT(verdict_of("when * says never kill primary\nexpect elections 0").reason, HasSubstr("never came"));
}

TEST(Stage, DrawsWhatWasDecided) {
  const auto parsed = parse_scenarios("=== t\nat 20s kill primary\nexpect settled within 30s\n");
  ASSERT_TRUE(parsed);
  Diagram diagram;
  EXPECT_TRUE(play(parsed->front(), nullptr, &diagram).passed);
  const std::string text = diagram.text();
  EXPECT_TRUE(text.starts_with("sequenceDiagram\n    participant fault\n"));
  for (const char* part :
       {"Note over fault: 20.000 s kill primary", " at epoch 1?", "my vote: ", "SLAVEOF NO ONE", "+odown"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

// --- Findings -------------------------------------------------------------------------------------------------------

TEST(Findings, AreMadeShortAndCanBePlayedAgain) {
  CampaignSettings settings;
  settings.world.seed = 5;
  settings.duration = std::chrono::minutes(20);
  settings.bound = 100ms;  // too short for any failover
  const CampaignReport report = run_campaign(settings);
  ASSERT_EQ(report.outcome, Outcome::kNoProgress);
  const Finding whole = finding_of(settings, report);
  const Finding shortest = shrink(whole, 40);
  EXPECT_LT(shortest.deeds.size(), whole.deeds.size());
  EXPECT_TRUE(fails_again(shortest));
  const auto parsed = parse_scenarios(scenario_text(shortest));
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_FALSE(play(parsed->front()).passed);
}

}  // namespace
}  // namespace vedette::sim
