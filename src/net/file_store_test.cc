#include "net/file_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <optional>

#include "conf/file.h"
#include "net/files.h"
#include "net/test_world.h"

namespace vedette::net {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

class FileStoreTest : public ::testing::Test {
 protected:
  Status append(std::string record) {
    appended.reset();
    store.append(std::move(record));
    EXPECT_FALSE(appended) << "told from within the call";
    run_until(loop, [&] { return appended.has_value(); });
    return *appended;
  }
  Status replace(std::string text) {
    replaced.reset();
    store.replace([text = std::move(text)] { return text; });
    run_until(loop, [&] { return replaced.has_value(); });
    return *replaced;
  }
  std::string file() { return read_file(path, conf::File::kMaxBytes).value(); }
  std::string journal() { return read_file(journal_of(path), 2 * conf::kMaxJournalBytes).value(); }

  TemporaryDirectory directory;
  std::string path = directory / "sentinel.conf";
  asio::io_context loop;
  std::optional<Status> appended;
  std::optional<Status> replaced;
  FileStore store{loop,
                  path,
                  conf::Journal("", false),
                  {.on_appended = [this](const Status& result) { appended = result; },
                   .on_replaced = [this](const Status& result) { replaced = result; }}};
};

TEST_F(FileStoreTest, TellsOnTheLoopWhenTheTextIsDurable) {
  ASSERT_TRUE(replace("text"));
  EXPECT_EQ(file(), "text");
}

TEST_F(FileStoreTest, AppendsToAJournalUntilTheTextHasIt) {
  ASSERT_TRUE(append("one\n"));
  ASSERT_TRUE(append("two\n"));
  EXPECT_THAT(journal(), EndsWith("one\ntwo\n"));
  ASSERT_TRUE(replace("text"));
  EXPECT_EQ(journal(), "");
  ASSERT_TRUE(append("three\n"));
  EXPECT_THAT(journal(), EndsWith("three\n"));
}

TEST_F(FileStoreTest, TellsOfAFailureAndSucceedsWhenTheCauseIsGone) {
  std::filesystem::remove_all(directory.path());
  EXPECT_THAT(append("record").error().message, HasSubstr("Cannot create"));
  EXPECT_FALSE(replace("first"));

  std::filesystem::create_directory(directory.path());
  ASSERT_TRUE(append("record"));
  ASSERT_TRUE(replace("second"));
  EXPECT_EQ(file(), "second");
  EXPECT_EQ(journal(), "");
}

// As on a full disk: a part of the record is there, and must not be what the next one follows.
TEST_F(FileStoreTest, CutsOffWhatCouldNotBeWrittenAsAWhole) {
  ASSERT_TRUE(append("before\n"));
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old_limit{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old_limit), 0);
  const rlimit little{journal().size() + 10, old_limit.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &little), 0);
  const Status failed = append(std::string(1000, 'x'));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old_limit), 0);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_THAT(failed.error().message, HasSubstr("Cannot write"));
  EXPECT_THAT(journal(), HasSubstr("before\nxxx"));

  ASSERT_TRUE(append("after\n"));
  EXPECT_THAT(journal(), EndsWith("before\nafter\n"));
}

TEST_F(FileStoreTest, AJournalThatSomebodyHasRemovedFailsUntilTheTextHasAll) {
  ASSERT_TRUE(append("one\n"));
  std::filesystem::remove(journal_of(path));
  EXPECT_THAT(append("two\n").error().message, HasSubstr("was removed"));
  ASSERT_TRUE(replace("text"));
  ASSERT_TRUE(append("three\n"));
  EXPECT_THAT(journal(), EndsWith("three\n"));
}

TEST_F(FileStoreTest, AJournalGrowsUpToItsLimit) {
  ASSERT_TRUE(append(std::string(conf::kMaxJournalBytes - 200, 'x')));
  EXPECT_THAT(append(std::string(200, 'y')).error().message, HasSubstr("has grown to the 16777216 bytes allowed"));
  ASSERT_TRUE(replace("text"));
  EXPECT_TRUE(append(std::string(200, 'y')));
}

TEST_F(FileStoreTest, TheLastSaveWinsOverOneUnderWayAndLeavesNoJournal) {
  ASSERT_TRUE(append("record"));
  store.replace([] { return std::string(1U << 20, 'x'); });
  ASSERT_TRUE(store.save_last("last").ok());
  EXPECT_EQ(file(), "last");
  EXPECT_FALSE(std::filesystem::exists(journal_of(path)));
}

}  // namespace
}  // namespace vedette::net
