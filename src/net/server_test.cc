#include "net/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <future>

#include "net/files.h"
#include "net/run.h"
#include "net/test_world.h"

namespace vedette::net {
namespace {

using testing::HasSubstr;

class ServerTest : public testing::Test {
 protected:
  // A port that nobody has at the moment.
  std::uint16_t free_port() {
    tcp::acceptor probe(loop, {asio::ip::address_v4::loopback(), 0});
    return probe.local_endpoint().port();
  }

  void write_configuration(std::uint16_t port) {
    std::ofstream(path) << "port " << port << "\nbind 127.0.0.1\nlogfile sentinel.log\ndir "
                        << directory.path().string() << "\n";
  }

  // A client of the sentinel, as soon as it listens.
  tcp::socket connect_to(std::uint16_t port) {
    tcp::socket socket(loop);
    run_until(loop, [&] {
      error_code error;
      socket.close(error);
      socket.connect({asio::ip::address_v4::loopback(), port}, error);
      return !error;
    });
    return socket;
  }

  std::string content(const std::string& file) { return read_file(directory / file, 1U << 20).value(); }

  asio::io_context loop;
  TemporaryDirectory directory;
  std::string path = directory / "sentinel.conf";
};

TEST_F(ServerTest, ServesUntilItIsAskedToEndAndLeavesItsStateBehind) {
  const std::uint16_t port = free_port();
  write_configuration(port);
  auto status = std::async(std::launch::async,
                           [this] { return run_sentinel({.program = "vedette", .config_file = path}, nullptr); });
  tcp::socket client = connect_to(port);
  client.write_some(asio::buffer(std::string("PING\r\n")));
  std::string reply(7, '\0');
  client.read_some(asio::buffer(reply));
  EXPECT_EQ(reply, "+PONG\r\n");

  kill(getpid(), SIGTERM);
  EXPECT_EQ(status.get(), 0);
  EXPECT_THAT(content("sentinel.conf"), HasSubstr("\nsentinel myid "));
  EXPECT_THAT(content("sentinel.log"), HasSubstr(" * Received SIGTERM\n"));
}

TEST_F(ServerTest, EndsWhenAClientSaysSo) {
  const std::uint16_t port = free_port();
  write_configuration(port);
  auto status = std::async(std::launch::async,
                           [this] { return run_sentinel({.program = "vedette", .config_file = path}, nullptr); });
  tcp::socket client = connect_to(port);
  client.write_some(asio::buffer(std::string("SHUTDOWN\r\n")));
  EXPECT_EQ(status.get(), 0);
}

TEST_F(ServerTest, APortInUseEndsTheStartBeforeAnythingIsSaved) {
  tcp::acceptor other(loop, {asio::ip::address_v4::loopback(), 0});
  const std::uint16_t port = other.local_endpoint().port();
  write_configuration(port);
  const std::string before = content("sentinel.conf");
  EXPECT_EQ(run_sentinel({.program = "vedette", .config_file = path}, nullptr), 1);
  EXPECT_THAT(content("sentinel.log"), HasSubstr(" # Could not create server TCP listening socket 127.0.0.1:" +
                                                 std::to_string(port) + ": bind: Address already in use\n"));
  EXPECT_EQ(content("sentinel.conf"), before);
}

TEST_F(ServerTest, WithoutAPortThereIsNothingToServe) {
  write_configuration(0);
  EXPECT_EQ(run_sentinel({.program = "vedette", .config_file = path}, nullptr), 1);
  EXPECT_THAT(content("sentinel.log"), HasSubstr("Configured to not listen anywhere"));
}

TEST_F(ServerTest, ADirectoryThatIsNotThereEndsTheStart) {
  std::ofstream(path) << "dir /no/such/directory\n";
  testing::internal::CaptureStderr();
  EXPECT_EQ(run_sentinel({.program = "vedette", .config_file = path}, nullptr), 1);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr("Can't chdir to '/no/such/directory': No such file or directory\n"));
}

}  // namespace
}  // namespace vedette::net
