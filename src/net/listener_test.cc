#include "net/listener.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

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
                                      [this](tcp::socket socket) { sockets.push_back(std::move(socket)); });
  }

  tcp::socket connect_to(const tcp::endpoint& endpoint) {
    tcp::socket socket(loop);
    socket.connect(endpoint);
    return socket;
  }

  asio::io_context loop;
  RecordingLogger logger;
  std::vector<tcp::socket> sockets;
};

TEST_F(ListenerTest, AcceptsOnEveryAddress) {
  const auto listener = make_listener();
  ASSERT_TRUE(listener->open({"127.0.0.1", "127.0.0.2", "localhost"}, 0, 511).ok());
  listener->start();
  ASSERT_EQ(listener->endpoints().size(), 3U);
  for (const tcp::endpoint& endpoint : listener->endpoints()) connect_to(endpoint);
  run_until(loop, [&] { return sockets.size() == 3; });
}

TEST_F(ListenerTest, AcceptsNothingBeforeItIsStartedAndAfterItIsClosed) {
  const auto listener = make_listener();
  ASSERT_TRUE(listener->open({"127.0.0.1"}, 0, 511).ok());
  const tcp::endpoint endpoint = listener->endpoints().front();
  const tcp::socket early = connect_to(endpoint);
  loop.poll();
  EXPECT_TRUE(sockets.empty());
  listener->start();
  run_until(loop, [&] { return sockets.size() == 1; });
  listener->close();
  loop.poll();
  error_code error;
  tcp::socket late(loop);
  late.connect(endpoint, error);
  EXPECT_EQ(error, asio::error::connection_refused);
}

TEST_F(ListenerTest, APortInUseIsAnErrorThatNamesIt) {
  const auto first = make_listener();
  ASSERT_TRUE(first->open({"127.0.0.1"}, 0, 511).ok());
  const std::uint16_t port = first->endpoints().front().port();
  const Status second = make_listener()->open({"127.0.0.1"}, port, 511);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().message, "Could not create server TCP listening socket 127.0.0.1:" + std::to_string(port) +
                                        ": bind: Address already in use");
  EXPECT_FALSE(make_listener()->open({"-127.0.0.1"}, port, 511).ok()) << "in use is not the same as missing";
}

TEST_F(ListenerTest, AForeignAddressIsAnErrorUnlessItMayBeMissing) {
  const Status needed = make_listener()->open({"127.0.0.1", "192.0.2.1"}, 0, 511);
  ASSERT_FALSE(needed.ok());
  EXPECT_THAT(needed.error().message, HasSubstr("192.0.2.1:0: bind: Cannot assign requested address"));

  const auto listener = make_listener();
  EXPECT_TRUE(listener->open({"127.0.0.1", "-192.0.2.1"}, 0, 511).ok());
  EXPECT_EQ(listener->endpoints().size(), 1U);
}

TEST_F(ListenerTest, TheWildcardsOfBothFamiliesShareAPort) {
  const auto v4 = make_listener();
  ASSERT_TRUE(v4->open({"*"}, 0, 511).ok());
  EXPECT_EQ(v4->endpoints().front().address().to_string(), "0.0.0.0");
  const std::uint16_t port = v4->endpoints().front().port();
  const auto v6 = make_listener();
  const Status opened = v6->open({"::*"}, port, 511);
  if (!opened.ok() && opened.error().message == "Configured to not listen anywhere") GTEST_SKIP() << "no IPv6 here";
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(to_address(v6->endpoints().front()), (Address{"::", port}));
}

TEST_F(ListenerTest, ToListenNowhereIsAnError) {
  EXPECT_FALSE(make_listener()->open({}, 26379, 511).ok());
  EXPECT_FALSE(make_listener()->open({"-192.0.2.1"}, 0, 511).ok());
}

TEST_F(ListenerTest, AnUnknownHostIsAnError) { EXPECT_FALSE(make_listener()->open({"no such host"}, 0, 511).ok()); }

// Without a descriptor the waiting connection cannot be taken; the loop must neither spin nor forget it.
TEST_F(ListenerTest, PausesWithoutDescriptorsAndGoesOnWhenThereAreSome) {
  const auto listener = make_listener();
  ASSERT_TRUE(listener->open({"127.0.0.1"}, 0, 511).ok());
  const tcp::socket client = connect_to(listener->endpoints().front());
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
