#include "net/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "net/test_world.h"

namespace vedette::net {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

void write_file(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

std::string content_of(const std::string& path) { return read_file(path, 1U << 30).value(); }

std::size_t files_in(const fs::path& directory) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

class FilesTest : public testing::Test {
 protected:
  TemporaryDirectory directory;
  std::string path = directory / "sentinel.conf";
};

TEST_F(FilesTest, ReadsUpToTheLimitAndNoFurther) {
  const std::string text(200'000, 'x');
  write_file(path, text);
  EXPECT_EQ(read_file(path, text.size()).value(), text);
  EXPECT_THAT(read_file(path, text.size() - 1).error().message, HasSubstr("larger than the 199999 bytes"));
}

TEST_F(FilesTest, SaysWhyAFileCannotBeRead) {
  EXPECT_EQ(read_file(path, 100).error().message, "No such file or directory");
  EXPECT_EQ(read_file(directory.path(), 100).error().message, "Is a directory");
}

TEST_F(FilesTest, NeitherWaitsForAPipeNorTakesItsPlace) {
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(read_file(path, 100).error().message, "Not a regular file");
  EXPECT_EQ(replace_file(path, "new").error().message, "Cannot replace " + path + ": it is no regular file");
  EXPECT_TRUE(fs::is_fifo(path));
  EXPECT_EQ(replace_file("/dev/null", "new").error().message, "Cannot replace /dev/null: it is no regular file");
}

TEST_F(FilesTest, ReplacesTheWholeContentAndLeavesNothingElse) {
  write_file(path, "old and longer");
  ASSERT_TRUE(replace_file(path, "new").ok());
  EXPECT_EQ(content_of(path), "new");
  EXPECT_EQ(files_in(directory.path()), 1U);
}

TEST_F(FilesTest, MakesAFileThatIsNotThereForUsAlone) {
  ASSERT_TRUE(replace_file(path, "new").ok());
  EXPECT_EQ(content_of(path), "new");
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(FilesTest, KeepsPermissionsWhateverTheUmask) {
  write_file(path, "old");
  const auto wanted = static_cast<fs::perms>(0664);
  fs::permissions(path, wanted);
  const mode_t old = umask(0077);
  const Status status = replace_file(path, "new");
  umask(old);
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(fs::status(path).permissions(), wanted);
}

TEST_F(FilesTest, KeepsTheOwnerWhereItMay) {
  if (geteuid() != 0) GTEST_SKIP() << "only root may give files away";
  write_file(path, "old");
  ASSERT_EQ(chown(path.c_str(), 1234, 4321), 0);
  ASSERT_TRUE(replace_file(path, "new").ok());
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_uid, 1234U);
  EXPECT_EQ(info.st_gid, 4321U);
}

TEST_F(FilesTest, ReplacesWhatASymbolicLinkLeadsTo) {
  fs::create_directory(directory / "real");
  const std::string real = directory / "real/target.conf";
  write_file(real, "old");
  fs::create_symlink("real/target.conf", path);
  ASSERT_TRUE(replace_file(path, "new").ok());
  EXPECT_TRUE(fs::is_symlink(path));
  EXPECT_EQ(content_of(real), "new");
  EXPECT_EQ(files_in(directory / "real"), 1U);
}

TEST_F(FilesTest, ALinkThatLeadsNowhereIsAnError) {
  fs::create_symlink("nowhere/at/all", path);
  EXPECT_THAT(replace_file(path, "new").error().message, HasSubstr(path));
  EXPECT_TRUE(fs::is_symlink(path));
}

TEST_F(FilesTest, WhatACrashLeftIsNoObstacle) {
  write_file(path, "old");
  write_file(path + ".vedette-tmp", "half a te");
  ASSERT_TRUE(replace_file(path, "new").ok());
  EXPECT_EQ(content_of(path), "new");
  EXPECT_EQ(files_in(directory.path()), 1U);
}

TEST_F(FilesTest, AFullDiskKeepsTheOldContentAndLeavesNothingBehind) {
  write_file(path, "old");
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const rlimit full{4096, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &full);
  const Status status = replace_file(path, std::string(10'000, 'x'));
  setrlimit(RLIMIT_FSIZE, &old);

  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message, "Cannot write " + path + ".vedette-tmp: File too large");
  EXPECT_EQ(content_of(path), "old");
  EXPECT_EQ(files_in(directory.path()), 1U);
  EXPECT_TRUE(replace_file(path, std::string(10'000, 'x')).ok()) << "does not recover";
}

TEST_F(FilesTest, ADirectoryThatIsGoneIsAnErrorThatNamesThePath) {
  const Status status = replace_file(directory / "gone/sentinel.conf", "new");
  EXPECT_EQ(status.error().message,
            "Cannot create " + (directory / "gone/sentinel.conf") + ".vedette-tmp: No such file or directory");
}

TEST_F(FilesTest, ADirectoryInThePlaceOfTheFileIsAnError) {
  fs::create_directory(path);
  EXPECT_THAT(replace_file(path, "new").error().message, HasSubstr("Cannot replace " + path));
  EXPECT_EQ(files_in(directory.path()), 1U);
}

TEST_F(FilesTest, KnowsWhetherItCanReplace) {
  write_file(path, "text");
  EXPECT_TRUE(check_replaceable(path).ok());
  EXPECT_FALSE(check_replaceable(directory / "other.conf").ok());

  const auto check = [this](int directory_mode, int file_mode) {
    fs::permissions(path, static_cast<fs::perms>(file_mode));
    fs::permissions(directory.path(), static_cast<fs::perms>(directory_mode));
    const Unprivileged here;
    return check_replaceable(path);
  };
  const Status directory_status = check(0555, 0666);
  const Status file_status = check(0777, 0444);
  fs::permissions(directory.path(), static_cast<fs::perms>(0700));

  ASSERT_FALSE(directory_status.ok());
  EXPECT_EQ(directory_status.error().message, "The directory " + directory.path().string() +
                                                  " of the Sentinel config file is not writable: Permission denied");
  ASSERT_FALSE(file_status.ok());
  EXPECT_EQ(file_status.error().message, "Sentinel config file " + path + " is not writable: Permission denied");
}

}  // namespace
}  // namespace vedette::net
