// Those who watch a process from outside: the service manager, the pid file, and `ps`.
#include "net/supervision.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "net/files.h"
#include "net/pid_file.h"
#include "net/process_title.h"
#include "net/test_world.h"

namespace vedette::net {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ServiceManagerTest : public testing::Test {
 protected:
  ~ServiceManagerTest() override {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) unsetenv(name);
  }

  TemporaryDirectory directory;
  DatagramReceiver receiver{directory / "notify"};
};

TEST_F(ServiceManagerTest, HearsHowItGoes) {
  setenv("NOTIFY_SOCKET", receiver.path().c_str(), 1);
  Supervision supervision(ServiceManager::from_environment(), std::nullopt);
  EXPECT_TRUE(supervision.manager().listens());
  supervision.serves();
  EXPECT_THAT(receiver.receive(), StartsWith("READY=1\n"));
  supervision.fails("no\nroom");
  EXPECT_EQ(receiver.receive(), "STATUS=no\\nroom\n");
  supervision.manager().reloading(Instant(1500ms));
  EXPECT_EQ(receiver.receive(), "RELOADING=1\nMONOTONIC_USEC=1500000\n");
  supervision.manager().stopping();
  EXPECT_THAT(receiver.receive(), StartsWith("STOPPING=1\n"));
  EXPECT_EQ(getenv("NOTIFY_SOCKET"), nullptr) << "it is not for our children";
}

TEST_F(ServiceManagerTest, NobodyIsToldWhereNobodyListens) {
  const ServiceManager manager = ServiceManager::from_environment();
  EXPECT_FALSE(manager.listens());
  manager.ready();
  setenv("NOTIFY_SOCKET", (directory / "nobody").c_str(), 1);
  ServiceManager::from_environment().ready();
}

TEST_F(ServiceManagerTest, WantsSignsOfLifeOfTheProcessThatItMeans) {
  const auto period = [this](const std::string& allowed, const std::string& whom) {
    setenv("NOTIFY_SOCKET", receiver.path().c_str(), 1);
    setenv("WATCHDOG_USEC", allowed.c_str(), 1);
    if (!whom.empty()) setenv("WATCHDOG_PID", whom.c_str(), 1);
    return ServiceManager::from_environment().alive_period();
  };
  EXPECT_EQ(period("3000000", ""), Micros(1500ms));
  EXPECT_EQ(period("3000000", std::to_string(getpid())), Micros(1500ms));
  EXPECT_EQ(period("3000000", "1"), std::nullopt);
  EXPECT_EQ(period("0", ""), std::nullopt);
  EXPECT_EQ(period("soon", ""), std::nullopt);
}

TEST(PidFile, IsThereForAsLongAsWeServe) {
  const TemporaryDirectory directory;
  const std::string path = directory / "pid";
  {
    auto created = PidFile::create(path);
    ASSERT_TRUE(created.ok());
    const PidFile file = *std::move(created);
    EXPECT_EQ(read_file(path, 100).value(), std::to_string(getpid()) + "\n");
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_THAT(PidFile::create(directory / "no/such/directory").error().message,
              HasSubstr("Failed to write PID file: "));
}

TEST(ProcessTitle, TakesThePlaceOfAllArguments) {
  char block[] = "vedette\0--requirepass\0secret\0the rest";
  std::array<char*, 4> argv{block, block + 8, block + 22, nullptr};
  ProcessTitle title(3, argv.data());
  title.set("vedette *:1");
  EXPECT_EQ(std::string(block, 29), "vedette *:1" + std::string(18, '\0'));
  EXPECT_STREQ(block + 29, "the rest");
  title.set("something that is longer than all arguments");
  EXPECT_EQ(std::string(block, 29), "something that is longer tha" + std::string(1, '\0'));
  EXPECT_STREQ(block + 29, "the rest");
}

}  // namespace
}  // namespace vedette::net
