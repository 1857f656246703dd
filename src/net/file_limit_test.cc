#include "net/file_limit.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>
#include <iostream>

#include "net/test_world.h"

namespace vedette::net {
namespace {

TEST(AffordableClients, AreWhatIsLeftAfterOurOwnNeeds) {
  EXPECT_EQ(affordable_clients(20'000, 10'000, 100), 10'000U);
  EXPECT_EQ(affordable_clients(10'100, 10'000, 100), 10'000U);
  EXPECT_EQ(affordable_clients(10'099, 10'000, 100), 9'999U);
  EXPECT_EQ(affordable_clients(1'024, 10'000, 100), 924U);
}

TEST(AffordableClients, AreHalfOfTheLimitHoweverMuchWeNeedOurselves) {
  EXPECT_EQ(affordable_clients(1'024, 10'000, 80'000), 512U);
}

TEST(FilesForOurselves, CountAPeerOnceHoweverManyPrimariesItShares) {
  conf::Configuration configuration;
  const std::uint64_t with_nothing = files_for_ourselves(configuration);
  conf::MonitoredPrimary primary;
  primary.replicas.resize(1);
  const std::uint64_t with_one = [&] {
    configuration.sentinel.primaries = {primary};
    return files_for_ourselves(configuration);
  }();
  primary.sentinels = {{{"127.0.0.1", 1}, RunId{std::string(40, 'a')}},
                       {{"127.0.0.1", 2}, RunId{std::string(40, 'b')}}};
  configuration.sentinel.primaries.assign(1000, primary);
  EXPECT_EQ(files_for_ourselves(configuration), with_nothing + 1000 * (with_one - with_nothing) + 2 * 2);
}

// In a process of its own, since a limit that is lowered cannot be raised again.
void report_raising(rlim_t soft, rlim_t hard, unsigned clients, std::uint64_t reserved) {
  const Unprivileged here;
  const rlimit limit{soft, hard};
  setrlimit(RLIMIT_NOFILE, &limit);
  RecordingLogger logger;
  const Result<unsigned> served = raise_file_limit(clients, reserved, logger);
  rlimit now{};
  getrlimit(RLIMIT_NOFILE, &now);
  std::cerr << (served ? std::to_string(*served) : served.error().message) << " clients, " << now.rlim_cur << " files, "
            << logger.entries.size() << " warnings: " << (logger.entries.empty() ? "" : logger.entries[0].text);
  std::_Exit(0);  // the leak checker does not work for somebody else
}

TEST(RaiseFileLimit, RaisesTheSoftLimitSilently) {
  EXPECT_EXIT(report_raising(100, 1000, 200, 50), testing::ExitedWithCode(0), "^200 clients, 250 files, 0 warnings");
}

TEST(RaiseFileLimit, LeavesALimitThatIsHighEnough) {
  EXPECT_EXIT(report_raising(500, 1000, 200, 50), testing::ExitedWithCode(0), "^200 clients, 500 files, 0 warnings");
}

TEST(RaiseFileLimit, AHardLimitMeansFewerClientsAndAWarning) {
  EXPECT_EXIT(report_raising(500, 1000, 10000, 100), testing::ExitedWithCode(0),
              "^900 clients, 1000 files, 1 warnings: maxclients is 900 instead of 10000");
}

TEST(RaiseFileLimit, ALimitThatLeavesNoRoomIsAnError) {
  EXPECT_EXIT(report_raising(32, 32, 10000, 100), testing::ExitedWithCode(0), "'ulimit -n' of 32 is not enough");
}

void report_watching(rlim_t soft, std::initializer_list<int> opened) {
  const rlimit limit{soft, soft};
  setrlimit(RLIMIT_NOFILE, &limit);
  RecordingLogger logger;
  FileLimitWatch watch(logger);
  for (const int descriptor : opened) watch.opened(descriptor);
  std::cerr << logger.entries.size() << " warnings: " << (logger.entries.empty() ? "" : logger.entries[0].text);
  std::_Exit(0);
}

TEST(FileLimitWatch, IsSilentBelowNineTenths) {
  EXPECT_EXIT(report_watching(100, {3, 88, -1}), testing::ExitedWithCode(0), "^0 warnings");
}

TEST(FileLimitWatch, WarnsOnceFromNineTenthsOn) {
  EXPECT_EXIT(report_watching(100, {88, 89, 95}), testing::ExitedWithCode(0), "^1 warnings: 90 of 100 files");
}

}  // namespace
}  // namespace vedette::net
