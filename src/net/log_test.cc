#include "net/log.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <syslog.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "base/text.h"
#include "net/descriptor.h"
#include "net/files.h"
#include "net/test_world.h"

namespace vedette::net {
namespace {

using core::Level;
using testing::EndsWith;
using testing::MatchesRegex;

class LogTest : public testing::Test {
 protected:
  std::unique_ptr<Log> open(Level least = Level::kDebug) { return *Log::open({.path = path, .least = least}); }
  std::string content() const { return read_file(path, 64U << 20).value(); }

  TemporaryDirectory directory;
  std::string path = directory / "sentinel.log";
};

TEST_F(LogTest, WritesEntriesInTheFormatOfRedis) {
  open()->log(Level::kWarning, "+sdown master mymaster 127.0.0.1 6379");
  EXPECT_THAT(content(), MatchesRegex("[0-9]+:X [0-9][0-9] [A-Z][a-z][a-z] [0-9]{4} "
                                      "[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3} "
                                      "# [+]sdown master mymaster 127.0.0.1 6379\n"));
  EXPECT_THAT(content(), testing::StartsWith(std::to_string(getpid()) + ":X "));
}

TEST_F(LogTest, MarksTheLevels) {
  auto log = open();
  for (const Level level : {Level::kDebug, Level::kVerbose, Level::kNotice, Level::kWarning}) log->log(level, "x");
  log.reset();
  const std::string text = content();
  std::string marks;
  for (const std::string_view line : split(text, '\n')) {
    if (!line.empty()) marks += line[line.size() - 3];
  }
  EXPECT_EQ(marks, ".-*#");
}

TEST_F(LogTest, DropsWhatIsBelowTheLevelAsked) {
  auto log = open(Level::kNotice);
  log->log(Level::kVerbose, "unwanted");
  log->log(Level::kNotice, "wanted");
  log.reset();
  EXPECT_EQ(content().find("unwanted"), std::string::npos);
  EXPECT_THAT(content(), EndsWith(" * wanted\n"));
}

TEST_F(LogTest, TheLevelCanBeChangedMeanwhile) {
  auto log = open(Level::kNotice);
  log->set_level(Level::kDebug);
  log->log(Level::kDebug, "wanted");
  log->set_level(Level::kWarning);
  log->log(Level::kNotice, "unwanted");
  log.reset();
  EXPECT_THAT(content(), EndsWith(" . wanted\n"));
}

TEST_F(LogTest, GoesToSyslogAsWell) {
  const DatagramReceiver receiver(directory / "syslog");
  auto log = *Log::open({.path = path, .syslog = SyslogSettings{"me", LOG_LOCAL3, receiver.path()}});
  log->log(Level::kWarning, "+sdown master m");
  log.reset();
  EXPECT_THAT(receiver.receive(),
              MatchesRegex("<156>[A-Z][a-z][a-z] [ 0-9][0-9] [0-9:]{8} me.[0-9]+.: [+]sdown master m"));
  EXPECT_THAT(content(), EndsWith("# +sdown master m\n"));
}

TEST_F(LogTest, DoesWithoutSyslogWhereThereIsNone) {
  auto log = *Log::open({.path = path, .syslog = SyslogSettings{"me", LOG_LOCAL3, directory / "nobody"}});
  log->log(Level::kWarning, "still here");
  log.reset();
  EXPECT_THAT(content(), EndsWith("# still here\n"));
}

TEST_F(LogTest, AnEntryIsOneLineWhateverIsInIt) {
  open()->log(Level::kNotice, "a\r\n1:X forged\x1b[2J %v {}");
  EXPECT_THAT(content(), EndsWith(" * a\\r\\n1:X forged\\x1b[2J %v {}\n"));
  EXPECT_EQ(split(content(), '\n').size(), 2U);
}

TEST_F(LogTest, CutsALongText) {
  auto log = open();
  log->log(Level::kNotice, std::string(Log::kMaxTextBytes, 'x'));
  log->log(Level::kNotice, std::string(Log::kMaxTextBytes + 1, 'x'));
  log->log(Level::kNotice, std::string(Log::kMaxTextBytes, '\0'));
  log.reset();
  const std::string text = content();
  const auto lines = split(text, '\n');
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_THAT(std::string(lines[0]), EndsWith("* " + std::string(Log::kMaxTextBytes, 'x')));
  EXPECT_THAT(std::string(lines[1]), EndsWith("* " + std::string(Log::kMaxTextBytes - 3, 'x') + "..."));
  EXPECT_THAT(std::string(lines[2]), EndsWith("..."));
  EXPECT_EQ(lines[2].size(), lines[1].size());
}

TEST_F(LogTest, Appends) {
  open()->log(Level::kNotice, "first");
  open()->log(Level::kNotice, "second");
  EXPECT_EQ(split(content(), '\n').size(), 3U);
}

TEST_F(LogTest, GoesOnInANewFileAfterReopening) {
  auto log = open();
  log->log(Level::kNotice, "old");
  std::filesystem::rename(path, path + ".1");
  ASSERT_TRUE(log->reopen().ok());
  log->log(Level::kNotice, "new");
  log.reset();
  EXPECT_THAT(content(), EndsWith(" * new\n"));
}

TEST_F(LogTest, StaysWithTheOldFileWhenReopeningFails) {
  auto log = open();
  std::filesystem::rename(directory.path(), directory.path().string() + "-moved");
  const Status status = log->reopen();
  log->log(Level::kNotice, "still here");
  log.reset();
  std::filesystem::rename(directory.path().string() + "-moved", directory.path());
  EXPECT_EQ(status.error().message, "Can't open the log file " + path + ": No such file or directory");
  EXPECT_THAT(content(), EndsWith(" * still here\n"));
}

TEST_F(LogTest, AFileThatCannotBeOpenedIsAnError) {
  EXPECT_FALSE(Log::open({.path = directory / "no/such/directory.log"}).ok());
}

// A pipe that nobody reads: the loop must not wait for it, and when it is read again, the newest lines are there and
// the loss is told.
TEST_F(LogTest, NeverWaitsForTheReader) {
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const Descriptor reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  auto log = open();
  constexpr int kLines = 3 * static_cast<int>(Log::kMaxWaitingLines);
  for (int i = 0; i < kLines; ++i) log->log(Level::kNotice, "line " + std::to_string(i));

  std::string text;
  const auto read_some = [&] {
    std::string chunk(64U << 10, '\0');
    const ssize_t size = ::read(reader.get(), chunk.data(), chunk.size());
    if (size <= 0) return;
    text.append(chunk, 0, static_cast<std::size_t>(size));
    EXPECT_EQ(text.back(), '\n') << "a line went in by halves";
  };
  const std::string last = " line " + std::to_string(kLines - 1) + "\n";
  const auto limit = std::chrono::steady_clock::now() + 20s;
  while (!text.ends_with(last) && std::chrono::steady_clock::now() < limit) read_some();
  ASSERT_THAT(text, EndsWith(last));

  log->log(Level::kNotice, "after");
  while (!text.ends_with("after\n") && std::chrono::steady_clock::now() < limit) read_some();
  EXPECT_THAT(text, testing::HasSubstr(" log lines were dropped"));
}

TEST_F(LogTest, EndsThoughNobodyReads) {
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const Descriptor reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  auto log = open();
  for (int i = 0; i < 2000; ++i) log->log(Level::kNotice, std::string(1000, 'x'));
  const auto begin = std::chrono::steady_clock::now();
  log.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 2 * Log::kClosePatience);
}

}  // namespace
}  // namespace vedette::net
