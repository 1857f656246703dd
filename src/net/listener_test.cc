#include "net/listener.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "net/addresses.h"
#include "net/descriptor.h"
#include "net/test_world.h"

namespace vedette::net {
namespace {

using testing::HasSubstr;

class ListenerTest : public testing::Test {
 protected:
  std::unique_ptr<Listener> make_listener() {
    return std::make_unique<Listener>(loop, logger,
                                      [this](StreamSocket socket) { sockets.push_back(std::move(socket)); });
  }

  tcp::socket connect_to(const Address& address) {
    tcp::socket socket(loop);
    socket.connect(*to_endpoint(address));
    return socket;
  }

  asio::io_context loop;
  RecordingLogger logger;
  std::vector<StreamSocket> sockets;
};

TEST_F(ListenerTest, AcceptsOnEveryAddress) {
  const auto listener = make_listener();
  ASSERT_TRUE(listener->open({"127.0.0.1", "127.0.0.2", "localhost"}, 0, PortSettings{}).ok());
  listener->start();
  ASSERT_EQ(listener->addresses().size(), 3U);
  for (const Address& address : listener->addresses()) connect_to(address);
  run_until(loop, [&] { return sockets.size() == 3; });
}

TEST_F(ListenerTest, LetsSomeInBeforeOthersHaveTheirTurn) {
  const auto listener = make_listener();
  ASSERT_TRUE(listener->open({"127.0.0.1"}, 0, PortSettings{}).ok());
  std::vector<tcp::socket> clients;
  for (int i = 0; i <= Listener::kAcceptsAtOnce; ++i) clients.push_back(connect_to(listener->addresses().front()));
  listener->start();
  while (sockets.empty()) ASSERT_EQ(loop.run_one_for(1s), 1U);
  EXPECT_EQ(sockets.size(), Listener::kAcceptsAtOnce);
  run_until(loop, [&] { return sockets.size() == clients.size(); });
}

TEST_F(ListenerTest, AcceptsNothingBeforeItIsStartedAndAfterItIsClosed) {
  const auto listener = make_listener();
  ASSERT_TRUE(listener->open({"127.0.0.1"}, 0, PortSettings{}).ok());
  const Address address = listener->addresses().front();
  const tcp::socket early = connect_to(address);
  loop.poll();
  EXPECT_TRUE(sockets.empty());
  listener->start();
  run_until(loop, [&] { return sockets.size() == 1; });
  listener->close();
  loop.poll();
  error_code error;
  tcp::socket late(loop);
  late.connect(*to_endpoint(address), error);
  EXPECT_EQ(error, asio::error::connection_refused);
}

TEST_F(ListenerTest, APortInUseIsAnErrorThatNamesIt) {
  const auto first = make_listener();
  ASSERT_TRUE(first->open({"127.0.0.1"}, 0, PortSettings{}).ok());
  const std::uint16_t port = first->addresses().front().port;
  const Status second = make_listener()->open({"127.0.0.1"}, port, PortSettings{});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().message, "Could not create server TCP listening socket 127.0.0.1:" + std::to_string(port) +
                                        ": bind: Address already in use");
  EXPECT_FALSE(make_listener()->open({"-127.0.0.1"}, port, PortSettings{}).ok()) << "in use is not the same as missing";
}

TEST_F(ListenerTest, AForeignAddressIsAnErrorUnlessItMayBeMissing) {
  const Status needed = make_listener()->open({"127.0.0.1", "192.0.2.1"}, 0, PortSettings{});
  ASSERT_FALSE(needed.ok());
  EXPECT_THAT(needed.error().message, HasSubstr("192.0.2.1:0: bind: Cannot assign requested address"));

  const auto listener = make_listener();
  EXPECT_TRUE(listener->open({"127.0.0.1", "-192.0.2.1"}, 0, PortSettings{}).ok());
  EXPECT_EQ(listener->addresses().size(), 1U);
}

TEST_F(ListenerTest, TheWildcardsOfBothFamiliesShareAPort) {
  const auto v4 = make_listener();
  ASSERT_TRUE(v4->open({"*"}, 0, PortSettings{}).ok());
  EXPECT_EQ(v4->addresses().front().host, "0.0.0.0");
  const std::uint16_t port = v4->addresses().front().port;
  const auto v6 = make_listener();
  ASSERT_TRUE(v6->open({"::*"}, port, PortSettings{}).ok());
  if (v6->addresses().empty()) GTEST_SKIP() << "no IPv6 here";
  EXPECT_EQ(v6->addresses().front(), (Address{"::", port}));
}

TEST_F(ListenerTest, WhatMayBeMissingMayAllBeMissing) {
  const auto listener = make_listener();
  EXPECT_TRUE(listener->open({"-192.0.2.1"}, 0, PortSettings{}).ok());
  EXPECT_EQ(listener->addresses(), std::vector<Address>{});
}

class UnixListenerTest : public ListenerTest {
 protected:
  Status open(Listener& listener, std::optional<unsigned> permissions = {}) {
    return listener.open(path, permissions, 511);
  }

  TemporaryDirectory directory;
  std::string path = directory / "sentinel.sock";
};

TEST_F(UnixListenerTest, AcceptsAtItsPathAndRemovesItAtTheEnd) {
  const auto listener = make_listener();
  ASSERT_TRUE(open(*listener).ok());
  listener->start();
  EXPECT_EQ(listener->addresses(), (std::vector<Address>{{path, 0}}));
  asio::local::stream_protocol::socket client(loop);
  client.connect(asio::local::stream_protocol::endpoint(path));
  run_until(loop, [&] { return sockets.size() == 1; });
  listener->close();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(UnixListenerTest, HasThePermissionsThatAreGiven) {
  const auto listener = make_listener();
  ASSERT_TRUE(open(*listener, 0700).ok());
  EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms::owner_all);
}

TEST_F(UnixListenerTest, TakesThePlaceOfASocketThatIsLeftOverButOfNothingElse) {
  { asio::local::stream_protocol::acceptor(loop, asio::local::stream_protocol::endpoint(path)); }
  EXPECT_TRUE(open(*make_listener()).ok());
  std::filesystem::remove(path);
  std::ofstream(path) << "dear to somebody";
  const Status refused = open(*make_listener());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().message, "Failed opening Unix socket " + path + ": bind: Address already in use");
}

TEST_F(UnixListenerTest, PathsEndAtTheLimitOfTheSystem) {
  path = std::string(108, 'x');
  const Status refused = open(*make_listener());
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr(": unix socket path too long (108), must be under 108"));
}

TEST_F(ListenerTest, AnUnknownHostIsAnError) {
  EXPECT_FALSE(make_listener()->open({"no such host"}, 0, PortSettings{}).ok());
}

TEST_F(ListenerTest, MayBeClosedByWhoTakesASocket) {
  Listener* closed = nullptr;
  Listener listener(loop, logger, [&](StreamSocket socket) {
    sockets.push_back(std::move(socket));
    closed->close();
  });
  closed = &listener;
  ASSERT_TRUE(listener.open({"127.0.0.1"}, 0, PortSettings{}).ok());
  const Address address = listener.addresses().front();
  const tcp::socket first = connect_to(address);
  const tcp::socket second = connect_to(address);
  listener.start();
  loop.run_for(2 * Listener::kAcceptPause);
  EXPECT_EQ(sockets.size(), 1U);
}

TEST_F(ListenerTest, LetsThoseWaitForWhomThereIsNoRoom) {
  bool has_room = false;
  Listener listener(
      loop, logger, [&](StreamSocket socket) { sockets.push_back(std::move(socket)); }, [&] { return has_room; });
  ASSERT_TRUE(listener.open({"127.0.0.1"}, 0, PortSettings{}).ok());
  const tcp::socket client = connect_to(listener.addresses().front());
  listener.start();
  loop.run_for(3 * Listener::kCrowdPause);
  EXPECT_TRUE(sockets.empty());
  has_room = true;
  run_until(loop, [&] { return sockets.size() == 1; });
}

TEST_F(ListenerTest, TheAcceptedAreTunedLikeItself) {
  const auto listener = make_listener();
  ASSERT_TRUE(listener->open({"127.0.0.1"}, 0, {.keepalive = 60s}).ok());
  listener->start();
  const tcp::socket client = connect_to(listener->addresses().front());
  run_until(loop, [&] { return !sockets.empty(); });
  const auto option = [&](int level, int name) {
    int value = 0;
    socklen_t size = sizeof value;
    EXPECT_EQ(getsockopt(sockets[0].descriptor(), level, name, &value, &size), 0);
    return value;
  };
  EXPECT_EQ(option(IPPROTO_TCP, TCP_NODELAY), 1);
  EXPECT_EQ(option(SOL_SOCKET, SO_KEEPALIVE), 1);
  EXPECT_EQ(option(IPPROTO_TCP, TCP_KEEPIDLE), 60);
  EXPECT_EQ(option(IPPROTO_TCP, TCP_KEEPINTVL), 20);
}

// Without a descriptor the waiting connection cannot be taken; the loop must neither spin nor forget it.
TEST_F(ListenerTest, PausesWithoutDescriptorsAndGoesOnWhenThereAreSome) {
  const auto listener = make_listener();
  ASSERT_TRUE(listener->open({"127.0.0.1"}, 0, PortSettings{}).ok());
  const tcp::socket client = connect_to(listener->addresses().front());
  rlimit old{};
  getrlimit(RLIMIT_NOFILE, &old);
  const Descriptor next(::dup(0));
  const rlimit none{static_cast<rlim_t>(next.get()), old.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  listener->start();
  run_until(loop, [&] { return !logger.entries.empty(); });
  const auto handlers = loop.run_for(2 * Listener::kAcceptPause);
  setrlimit(RLIMIT_NOFILE, &old);

  EXPECT_LE(handlers, 6U) << "spins";
  ASSERT_EQ(logger.entries.size(), 1U) << "complains too often";
  EXPECT_THAT(logger.entries[0].text, HasSubstr("Too many open files"));
  EXPECT_TRUE(sockets.empty());
  run_until(loop, [&] { return sockets.size() == 1; });
}

}  // namespace
}  // namespace vedette::net
