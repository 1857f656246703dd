#include "net/tcp_network.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <optional>
#include <thread>

#include "net/addresses.h"
#include "net/listener.h"
#include "net/test_world.h"

namespace vedette::net {
namespace {

using core::LinkFault;
using node::Close;
using node::ConnectionId;

// One network that listens on loopback, and raw sockets as the other side.
class TcpNetworkTest : public testing::Test {
 protected:
  TcpNetworkTest() {
    make_network({});
    EXPECT_TRUE(listener.open({"127.0.0.1"}, 0, PortSettings{}).ok());
    listener.start();
  }

  void make_network(const NetworkSettings& settings) { network.emplace(loop, settings, logger, events); }

  Address here() const { return listener.addresses().front(); }

  tcp::socket raw_client() {
    tcp::socket socket(loop);
    socket.connect(*to_endpoint(here()));
    return socket;
  }

  // A raw client, and the connection that it is to the network.
  std::pair<tcp::socket, ConnectionId> accepted_client() {
    const std::size_t before = events.accepted.size();
    tcp::socket socket = raw_client();
    run_until(loop, [&] { return events.accepted.size() > before; });
    return {std::move(socket), events.accepted.back()};
  }

  // Reads from a raw socket, without blocking the loop, until its other side ends it.
  std::string read_to_end(tcp::socket& socket) {
    std::string text;
    std::string chunk(64U << 10, '\0');
    socket.non_blocking(true);
    run_until(loop, [&] {
      error_code error;
      const std::size_t size = socket.read_some(asio::buffer(chunk), error);
      text.append(chunk, 0, size);
      return error && error != asio::error::would_block;
    });
    return text;
  }

  asio::io_context loop;
  RecordingLogger logger;
  RecordingEvents events;
  std::optional<TcpNetwork> network;
  Listener listener{loop, logger, [this](StreamSocket socket) { network->adopt(std::move(socket), Security::kPlain); }};
};

TEST_F(TcpNetworkTest, ConnectsAndTalksBothWays) {
  const ConnectionId ours = network->connect(here(), 5s);
  run_until(loop, [&] { return events.of(ours).open && !events.accepted.empty(); });
  const ConnectionId theirs = events.accepted.front();
  EXPECT_NE(ours, theirs);
  EXPECT_EQ(events.of(theirs).local, here());
  EXPECT_EQ(events.of(theirs).remote, events.of(ours).local);

  network->send(ours, "ping");
  network->send(theirs, "pong");
  run_until(loop, [&] { return events.of(theirs).received == "ping" && events.of(ours).received == "pong"; });
}

TEST_F(TcpNetworkTest, SpeaksIPv6) {
  Listener other(loop, logger, [this](StreamSocket socket) { network->adopt(std::move(socket), Security::kPlain); });
  if (!other.open({"-::1"}, 0, PortSettings{}).ok() || other.addresses().empty())
    GTEST_SKIP() << "this machine has no IPv6";
  other.start();
  const ConnectionId ours = network->connect(other.addresses().front(), 5s);
  run_until(loop, [&] { return events.of(ours).open && !events.accepted.empty(); });
  EXPECT_EQ(events.of(ours).local.host, "::1");
}

TEST_F(TcpNetworkTest, ClientsOfAUnixSocketHaveItsPathForAnAddress) {
  const TemporaryDirectory directory;
  const std::string path = directory / "sentinel.sock";
  Listener other(loop, logger, [this](StreamSocket socket) { network->adopt(std::move(socket), Security::kPlain); });
  ASSERT_TRUE(other.open(path, std::nullopt, 511).ok());
  other.start();
  asio::local::stream_protocol::socket client(loop);
  client.connect(asio::local::stream_protocol::endpoint(path));
  client.write_some(asio::buffer(std::string("hi")));
  run_until(loop, [&] { return !events.accepted.empty() && !events.of(events.accepted[0]).received.empty(); });
  EXPECT_EQ(events.of(events.accepted[0]).remote, (Address{path, 0}));
  EXPECT_EQ(events.of(events.accepted[0]).local, (Address{path, 0}));
}

TEST_F(TcpNetworkTest, AnIdleConnectionOwnsNoBuffers) {
  constexpr std::size_t kBytes = 4U << 20;
  auto [socket, client] = accepted_client();
  std::string chunk(64U << 10, '\0');
  const std::size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
  network->send(client, std::string(kBytes, 'x'));
  network->send(client, std::string(kBytes, 'y'));  // waits behind what is on its way
  std::size_t heard = 0;
  while (heard < 2 * kBytes) {
    loop.poll();
    heard += socket.read_some(asio::buffer(chunk));
  }
  run_until(loop, [&, id = client] { return network->unsent_bytes(id) == 0; });
  EXPECT_LT(mallinfo2().uordblks + mallinfo2().hblkhd, before + (64U << 10));
}

TEST_F(TcpNetworkTest, SendsWhatWasQueuedBeforeTheConnectionStood) {
  const ConnectionId ours = network->connect(here(), 5s);
  network->send(ours, "early ");
  network->send(ours, "words");
  EXPECT_EQ(network->unsent_bytes(ours), 11U);
  run_until(loop, [&] { return !events.accepted.empty(); });
  run_until(loop, [&] { return events.of(events.accepted[0]).received == "early words"; });
  EXPECT_EQ(network->unsent_bytes(ours), 0U);
}

TEST_F(TcpNetworkTest, ReportsARefusalAtOnce) {
  tcp::acceptor bound(loop, tcp::v4());  // holds the port, but nobody listens
  bound.bind({asio::ip::address_v4::loopback(), 0});
  const ConnectionId id = network->connect(to_address(Endpoint(bound.local_endpoint())), 3600s);
  EXPECT_EQ(events.of(id).fault, LinkFault::kNone) << "told from within the call";
  run_until(loop, [&] { return events.of(id).fault == LinkFault::kRefused; });
}

TEST_F(TcpNetworkTest, GivesUpWhenNobodyAnswers) {
  tcp::acceptor deaf(loop, tcp::v4());  // a full backlog drops what comes
  deaf.bind({asio::ip::address_v4::loopback(), 0});
  deaf.listen(0);
  std::vector<ConnectionId> attempts;
  for (int i = 0; i < 4; ++i) attempts.push_back(network->connect(to_address(Endpoint(deaf.local_endpoint())), 50ms));
  run_until(loop, [&] { return events.of(attempts.back()).fault == LinkFault::kTimedOut; });
}

// When its deadline comes, many others are to be told first that they stand.
TEST_F(TcpNetworkTest, DoesNotGiveUpWhatStoodInTime) {
  std::vector<ConnectionId> attempts;
  for (std::size_t i = 0; i < 4 * TcpNetwork::kLinksAtOnce; ++i) attempts.push_back(network->connect(here(), 50ms));
  std::this_thread::sleep_for(100ms);
  const auto is_decided = [&](ConnectionId id) {
    return events.of(id).open || events.of(id).fault != LinkFault::kNone;
  };
  run_until(loop, [&] { return std::all_of(attempts.begin(), attempts.end(), is_decided); });
  for (const ConnectionId id : attempts) EXPECT_TRUE(events.of(id).open);
}

TEST_F(TcpNetworkTest, HostNamesAreUnresolved) {
  const ConnectionId id = network->connect({"redis.example", 6379}, 5s);
  EXPECT_EQ(events.of(id).fault, LinkFault::kNone) << "told from within the call";
  run_until(loop, [&] { return events.of(id).fault == LinkFault::kUnresolved; });
}

TEST_F(TcpNetworkTest, ConnectsFromTheSourceAddress) {
  make_network({.source = asio::ip::make_address("127.0.0.3")});
  const ConnectionId id = network->connect(here(), 5s);
  run_until(loop, [&] { return events.of(id).open && !events.accepted.empty(); });
  EXPECT_EQ(events.of(events.accepted.front()).remote.host, "127.0.0.3");
}

TEST_F(TcpNetworkTest, ASourceAddressThatIsNotOursMakesServersUnreachable) {
  make_network({.source = asio::ip::make_address("192.0.2.1")});
  const ConnectionId id = network->connect(here(), 5s);
  run_until(loop, [&] { return events.of(id).fault == LinkFault::kUnreachable; });
}

TEST_F(TcpNetworkTest, AConnectionThatIsNoLongerWantedIsNotHeardOf) {
  const ConnectionId refused = network->connect({"redis.example", 6379}, 5s);
  const ConnectionId made = network->connect(here(), 5s);
  network->close(refused, Close::kNow);
  network->close(made, Close::kAfterSend);
  const ConnectionId later = network->connect(here(), 5s);
  run_until(loop, [&] { return events.of(later).open; });
  EXPECT_EQ(events.of(refused).fault, LinkFault::kNone);
  EXPECT_FALSE(events.of(made).open);
}

TEST_F(TcpNetworkTest, CountsWhatASlowReaderDoesNotTakeAndDeliversItInOrder) {
  auto [client, id] = accepted_client();
  std::string expected;
  for (int i = 0; i < 64; ++i) {
    const std::string block(256U << 10, static_cast<char>('A' + i % 26));
    network->send(id, block);
    expected += block;
  }
  EXPECT_EQ(network->unsent_bytes(id), expected.size());
  loop.poll();
  const std::size_t stuck = network->unsent_bytes(id);
  EXPECT_LT(stuck, expected.size());
  EXPECT_GT(stuck, 0U);
  network->close(id, Close::kAfterSend);
  EXPECT_EQ(read_to_end(client), expected);
}

TEST_F(TcpNetworkTest, ClosingNowDropsWhatIsUnsent) {
  auto [client, id] = accepted_client();
  network->send(id, "never said");
  network->close(id, Close::kNow);
  network->send(id, "ignored");
  EXPECT_EQ(network->unsent_bytes(id), 0U);
  EXPECT_EQ(read_to_end(client), "");
  EXPECT_EQ(events.of(id).fault, LinkFault::kNone) << "told of its own closing";
}

// Closing a socket with unread input resets it, and the last words may be lost. They must not be.
TEST_F(TcpNetworkTest, LastWordsArriveThoughTheOtherSideStillTalks) {
  auto [client, id] = accepted_client();
  const std::string words(1U << 20, 'w');
  network->send(id, words);
  network->close(id, Close::kAfterSend);
  client.non_blocking(true);
  error_code error;
  client.write_some(asio::buffer(std::string(64U << 10, 'c')), error);
  EXPECT_EQ(read_to_end(client), words);
  EXPECT_EQ(events.of(id).received, "");
}

TEST_F(TcpNetworkTest, LastWordsArriveThoughTheOtherSideSaysNoMore) {
  auto [client, id] = accepted_client();
  const std::string words(8U << 20, 'w');
  network->send(id, words);
  network->close(id, Close::kAfterSend);
  client.shutdown(tcp::socket::shutdown_send);
  EXPECT_EQ(read_to_end(client), words);
}

TEST_F(TcpNetworkTest, LingersOnlyForItsTime) {
  make_network({.source = {}, .linger_time = 50ms});
  auto [client, id] = accepted_client();
  network->send(id, std::string(8U << 20, 'w'));
  network->close(id, Close::kAfterSend);
  // The client reads nothing, and the reset is the first that it sees.
  run_until(loop, [&client = client] {
    error_code error;
    client.write_some(asio::buffer("?", 1), error);
    return error == asio::error::connection_reset || error == asio::error::broken_pipe;
  });
}

TEST_F(TcpNetworkTest, TellsOfTheOtherSidesEnd) {
  auto [client, id] = accepted_client();
  client.write_some(asio::buffer(std::string("bye")));
  client.close();
  run_until(loop, [&, id = id] { return events.of(id).fault == LinkFault::kReset; });
  EXPECT_EQ(events.of(id).received, "bye");
}

// A server says "-ERR max number of clients reached" and is gone before our first words reach it: its reason must be
// heard although ours can no longer be said.
TEST_F(TcpNetworkTest, HearsTheLastWordsOfASideThatIsGone) {
  tcp::acceptor server(loop, {asio::ip::address_v4::loopback(), 0});
  const ConnectionId id = network->connect(to_address(Endpoint(server.local_endpoint())), 5s);
  tcp::socket accepted = server.accept();
  accepted.write_some(asio::buffer(std::string("-ERR go away\r\n")));
  accepted.close();
  network->send(id, "one");
  run_until(loop, [&] { return events.of(id).open; });
  network->send(id, "two");
  run_until(loop, [&] { return events.of(id).fault == LinkFault::kReset; });
  EXPECT_EQ(events.of(id).received, "-ERR go away\r\n");
}

TEST_F(TcpNetworkTest, HearsAllThatComesBeforeTheEndHoweverMuchItIs) {
  constexpr std::size_t kChunk = TcpNetwork::kReadChunkBytes;
  for (const std::size_t size : {std::size_t{1}, kChunk, kChunk + 1, 3 * kChunk}) {
    auto [client, id] = accepted_client();
    run_until(loop, [&, id = id] { return events.of(id).open; });
    std::string words(size, 'x');
    words.back() = '!';
    client.write_some(asio::buffer(words));
    client.close();
    run_until(loop, [&, id = id] { return events.of(id).fault == LinkFault::kReset; });
    EXPECT_EQ(events.of(id).received, words) << size;
  }
}

// Whoever closes after sending hears what still comes, to throw it away, and the end.
TEST_F(TcpNetworkTest, SendsItsLastWordsAlthoughTheOtherSideHasEnded) {
  const std::string last_words(8U << 20, 'y');  // more than the kernel takes at once
  constexpr std::size_t kChunk = TcpNetwork::kReadChunkBytes;
  for (const std::size_t size : {std::size_t{1}, kChunk, kChunk + 1}) {
    auto [client, id] = accepted_client();
    run_until(loop, [&, id = id] { return events.of(id).open; });
    events.when_received = [&](ConnectionId who) {
      network->send(who, last_words);
      network->close(who, Close::kAfterSend);
      events.when_received = nullptr;
    };
    client.write_some(asio::buffer(std::string(size, 'x')));
    client.shutdown(tcp::socket::shutdown_send);
    EXPECT_EQ(read_to_end(client).size(), last_words.size()) << size;
  }
}

TEST_F(TcpNetworkTest, TellsOfAReset) {
  auto [client, id] = accepted_client();
  client.set_option(asio::socket_base::linger(true, 0));
  client.close();
  run_until(loop, [&, id = id] { return events.of(id).fault == LinkFault::kReset; });
}

TEST_F(TcpNetworkTest, ABusyClientLeavesTheOthersTheirTurn) {
  auto [busy, busy_id] = accepted_client();
  auto [modest, modest_id] = accepted_client();
  busy.non_blocking(true);
  error_code error;
  while (!error) busy.write_some(asio::buffer(std::string(64U << 10, 'b')), error);
  modest.write_some(asio::buffer(std::string("m")));
  int turns_of_busy = 0;
  events.when_received = [&, id = busy_id](ConnectionId who) { turns_of_busy += who == id; };
  run_until(loop, [&, id = modest_id] { return events.of(id).received == "m"; });
  EXPECT_LE(turns_of_busy, 2);
}

TEST_F(TcpNetworkTest, TheListenerOfEventsMayCloseAnythingFromWithinOne) {
  auto [first, first_id] = accepted_client();
  auto [second, second_id] = accepted_client();
  events.when_received = [&](ConnectionId) {
    network->close(events.accepted[0], Close::kNow);
    network->close(events.accepted[1], Close::kNow);
  };
  first.write_some(asio::buffer(std::string("x")));
  second.write_some(asio::buffer(std::string("y")));
  EXPECT_EQ(read_to_end(first), "");
  EXPECT_EQ(read_to_end(second), "");
  EXPECT_LE(events.of(first_id).received.size() + events.of(second_id).received.size(), 1U);
}

TEST_F(TcpNetworkTest, MayGoWhileConnectionsAreInEveryState) {
  auto [client, id] = accepted_client();
  auto [lingering, lingering_id] = accepted_client();
  network->send(id, std::string(8U << 20, 'x'));
  network->send(lingering_id, std::string(8U << 20, 'x'));
  network->close(lingering_id, Close::kAfterSend);
  loop.poll();
  network->connect(here(), 5s);
  network->connect({"redis.example", 6379}, 5s);
  listener.close();
  network.reset();
  loop.poll();
  EXPECT_EQ(events.records.size(), 2U);
}

}  // namespace
}  // namespace vedette::net
