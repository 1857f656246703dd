#include "net/configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/version.h"
#include "net/test_world.h"

namespace vedette::net {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class LoadConfigurationTest : public testing::Test {
 protected:
  void write(const std::string& text) const { std::ofstream(path) << text; }
  Result<LoadedConfiguration> load() const { return load_configuration({.config_file = path}); }
  std::string error() const { return load().error().message; }

  TemporaryDirectory directory;
  std::string path = directory / "sentinel.conf";
};

TEST_F(LoadConfigurationTest, ReadsAGoodFile) {
  write("port 26400\nsentinel monitor mymaster 127.0.0.1 6379 2\n");
  const auto loaded = load();
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->file.configuration().server.port, 26400);
  EXPECT_EQ(loaded->config_file, path);
  EXPECT_EQ(loaded->state_file, path);
}

TEST_F(LoadConfigurationTest, SaysWhyAFileCannotBeOpened) {
  EXPECT_EQ(error(), "Fatal error, can't open config file '" + path + "': No such file or directory");
  std::filesystem::create_directory(path);
  EXPECT_EQ(error(), "Fatal error, can't open config file '" + path + "': Is a directory");
}

TEST_F(LoadConfigurationTest, RefusesAFileThatIsTooLarge) {
  write("#");
  std::filesystem::resize_file(path, conf::File::kMaxBytes + 1);
  EXPECT_THAT(error(), HasSubstr("It is larger than the 67108864 bytes allowed"));
}

TEST_F(LoadConfigurationTest, NamesEveryBadLineWithItsReason) {
  write("port 26400\nprot 1\nsentinel monitor mymaster 127.0.0.1 99999999 2\n");
  EXPECT_THAT(error(), StartsWith("\n*** FATAL CONFIG FILE ERROR (Vedette " + std::string(kVersion) +
                                  ") ***\nReading the configuration file " + path + ", at line 2\n>>> 'prot 1'\n"));
  EXPECT_THAT(error(), HasSubstr("\nReading the configuration file " + path +
                                 ", at line 3\n>>> 'sentinel monitor mymaster 127.0.0.1 99999999 2'\n"));
}

TEST_F(LoadConfigurationTest, ABadLineCannotCommandTheTerminal) {
  write("bogus \x1b[2J\n");
  EXPECT_THAT(error(), HasSubstr(">>> 'bogus \\x1b[2J'"));
}

TEST_F(LoadConfigurationTest, ASourceAddressMustBeAnAddress) {
  write("bind-source-addr nonsense\n");
  EXPECT_THAT(error(), HasSubstr("bind-source-addr 'nonsense' is no IP address"));
}

TEST_F(LoadConfigurationTest, RefusesAFileThatCouldNotBeSaved) {
  write("port 26400\n");
  std::filesystem::permissions(directory.path(), static_cast<std::filesystem::perms>(0755));
  std::filesystem::permissions(path, static_cast<std::filesystem::perms>(0444));
  const Unprivileged here;
  EXPECT_THAT(error(), StartsWith("Sentinel config file " + path + " is not writable: Permission denied"));
}

}  // namespace
}  // namespace vedette::net
