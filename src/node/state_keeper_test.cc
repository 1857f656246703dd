#include "node/state_keeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "node/state_file.h"
#include "tests/support/conf_settings.h"
#include "tests/support/serving.h"

namespace vedette::node {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::must_parse;
using ::testing::Not;

class RecordingDisk final : public Disk {
 public:
  void append(std::string record) override { records.push_back(std::move(record)); }
  void replace(MakeText make_text) override { texts.push_back(std::move(make_text)); }

  std::vector<std::string> records;
  std::vector<MakeText> texts;
};

class StateKeeperTest : public ::testing::Test {
 protected:
  static constexpr std::string_view kConf =
      "sentinel monitor a 127.0.0.1 6379 2\n"
      "sentinel monitor b 127.0.0.1 6380 2\n";

  static core::State state_of(const conf::File& file) {
    SplitMix64 rng(1);
    const core::Core core(knowledge_from(file.configuration().sentinel, RunId{std::string(RunId::kLength, 'f')}), rng,
                          Instant{});
    return core.state();
  }

  void vote(const std::string& name, std::uint64_t epoch) {
    state.current_epoch = Epoch{epoch};
    state.primaries.at(name).my_vote.epoch = Epoch{epoch};
  }
  void save(std::uint64_t revision, std::set<std::string> names) {
    keeper.save(now, {Revision{revision}, std::move(names), false}, state);
  }
  void save_everything(std::uint64_t revision) { keeper.save(now, {Revision{revision}, {}, true}, state); }
  void write() { keeper.write(now, conf::SentinelSettings{}); }
  // Whether it wants to write then, and not a moment before.
  bool is_due_after(Micros time) { return !keeper.is_due(now + time - 1us) && keeper.is_due(now + time); }

  const std::shared_ptr<const conf::File> file = std::make_shared<const conf::File>(must_parse(kConf));
  core::State state = state_of(*file);
  Instant now{Seconds(1000)};
  RecordingDisk disk;
  vedette::testing::FakeLogger logger;
  StateKeeper keeper{file->form(), state, disk, logger};
};

TEST_F(StateKeeperTest, AppendsWhatHasChangedAndNothingElse) {
  vote("b", 7);
  save(1, {"b"});
  ASSERT_EQ(disk.records.size(), 1U);
  EXPECT_THAT(disk.records[0], AllOf(HasSubstr("sentinel current-epoch 7\n"), HasSubstr("sentinel leader-epoch b 7\n"),
                                     Not(HasSubstr("monitor a"))));
  EXPECT_THAT(disk.texts, IsEmpty());
  const core::SaveFinished finished = keeper.appended(Ok{});
  EXPECT_EQ(finished.revision, Revision{1});
  EXPECT_TRUE(finished.result);
}

TEST_F(StateKeeperTest, NamesThoseThatAreGone) {
  state.primaries.erase("a");
  save(1, {"a"});
  EXPECT_THAT(disk.records[0], HasSubstr("- a\n"));
  write();
  EXPECT_THAT(disk.texts[0](), AllOf(HasSubstr("monitor b"), Not(HasSubstr("monitor a"))));
}

TEST_F(StateKeeperTest, WritesTheFileWhenThingsHaveBeenQuiet) {
  EXPECT_EQ(keeper.next_deadline(), std::nullopt);
  save(1, {"a"});
  keeper.appended(Ok{});
  EXPECT_TRUE(is_due_after(StateKeeper::kQuiet));
  now += 100ms;
  save(2, {"a"});
  keeper.appended(Ok{});
  EXPECT_TRUE(is_due_after(StateKeeper::kQuiet));
}

TEST_F(StateKeeperTest, WritesTheFileAtLastEvenIfThingsAreNeverQuiet) {
  const Instant begin = now;
  for (std::uint64_t revision = 1; !keeper.is_due(now); ++revision) {
    save(revision, {"a"});
    keeper.appended(Ok{});
    now += 100ms;
  }
  EXPECT_EQ(now - begin, StateKeeper::kLongest);
}

TEST_F(StateKeeperTest, LeavesTheDiskAloneForTenTimesAsLongAsTheFileTook) {
  save(1, {"a"});
  keeper.appended(Ok{});
  write();
  now += 3s;
  EXPECT_FALSE(keeper.replaced(now, Ok{}).has_value());
  EXPECT_EQ(keeper.next_deadline(), std::nullopt) << "the file has everything";
  save(2, {"a"});
  EXPECT_TRUE(is_due_after(30s));
}

TEST_F(StateKeeperTest, TriesAgainWhenTheFileCouldNotBeWritten) {
  save(1, {"a"});
  keeper.appended(Ok{});
  write();
  EXPECT_FALSE(keeper.replaced(now, Error{"No space left on device"}).has_value());
  EXPECT_THAT(logger.lines.at(0).second, HasSubstr("Can't write the state file: No space left on device."));
  EXPECT_TRUE(is_due_after(StateKeeper::kRetryPeriod));
}

TEST_F(StateKeeperTest, EverythingIsSavedWhenTheFileIsWritten) {
  save_everything(1);
  EXPECT_THAT(disk.records, IsEmpty());
  ASSERT_TRUE(keeper.is_due(now));
  write();
  const auto finished = keeper.replaced(now, Error{"full"});
  ASSERT_TRUE(finished.has_value());
  EXPECT_EQ(finished->revision, Revision{1});
  EXPECT_FALSE(finished->result);
}

TEST_F(StateKeeperTest, EverythingWaitsForTheFileThatIsBeingWritten) {
  save(1, {"a"});
  keeper.appended(Ok{});
  write();
  save_everything(2);
  EXPECT_FALSE(keeper.is_due(now + 1h));
  EXPECT_FALSE(keeper.replaced(now, Ok{}).has_value());
  ASSERT_TRUE(keeper.is_due(now));
  write();
  EXPECT_EQ(keeper.replaced(now, Ok{})->revision, Revision{2});
}

// The file is made off the loop, of what was known when that was ordered.
TEST_F(StateKeeperTest, TheFileHasWhatTheLastSaveHad) {
  vote("a", 7);
  save(1, {"a"});
  write();
  vote("a", 8);
  save(2, {"a"});
  EXPECT_THAT(disk.texts[0](), AllOf(HasSubstr("sentinel current-epoch 7"), HasSubstr("leader-epoch a 7")));
}

// A record under way would take it back.
TEST_F(StateKeeperTest, TheFileHasNothingThatNoRecordHas) {
  vote("a", 7);
  save(1, {"a"});
  vote("a", 8);
  write();
  EXPECT_THAT(disk.texts[0](), AllOf(HasSubstr("sentinel current-epoch 7"), HasSubstr("leader-epoch a 7")));
}

}  // namespace
}  // namespace vedette::node
