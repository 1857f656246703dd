#include "sim/network.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vedette::sim {
namespace {

// Writes down what it is told.
class Recorder final : public Process {
 public:
  Recorder(EventQueue& queue, std::string host) : Process(queue, "of " + host, host) { set_alive(true); }

  void on_accepted(ConnectionId connection, const Address& remote, const Address&) override {
    last = connection;
    told += "accepted from " + remote.host + "; ";
  }
  void on_connected(ConnectionId, const Address&) override { told += "connected; "; }
  void on_received(ConnectionId, std::string_view bytes) override { received += bytes; }
  void on_closed(ConnectionId, core::LinkFault fault) override {
    told += "closed: " + std::string(core::to_string(fault)) + "; ";
  }
  void die() { set_alive(false); }

  ConnectionId last{};
  std::string told;
  std::string received;
};

class SimulatedNetwork : public ::testing::Test {
 protected:
  void pass(Micros duration) {
    const Instant until = queue.now() + duration;
    while (queue.run_next(until)) {
    }
  }
  ConnectionId connected() {
    network.listen(server, kAddress);
    const ConnectionId connection = network.connect(client, kAddress, 1s);
    pass(10ms);
    return connection;
  }

  const Address kAddress{"10.0.0.2", 6379};
  EventQueue queue;
  NameServer name_server{SplitMix64(8)};
  Network network{queue, name_server, SplitMix64(7)};
  Recorder client{queue, "10.0.0.1"};
  Recorder server{queue, "10.0.0.2"};
};

TEST_F(SimulatedNetwork, ConnectsAndDeliversInOrder) {
  const ConnectionId connection = connected();
  EXPECT_EQ(client.told, "connected; ");
  EXPECT_EQ(server.told, "accepted from 10.0.0.1; ");
  std::string sent;
  for (int i = 0; i < 200; ++i) {
    const std::string piece = std::to_string(i) + ",";
    sent += piece;
    network.send(connection, piece);
  }
  pass(10ms);
  EXPECT_EQ(server.received, sent);
}

TEST_F(SimulatedNetwork, RefusesWhereNobodyListens) {
  network.connect(client, kAddress, 1s);
  pass(10ms);
  EXPECT_EQ(client.told, "closed: connection refused; ");
}

TEST_F(SimulatedNetwork, AsksTheNameServerForAHostThatHasAName) {
  network.listen(server, kAddress);
  network.connect_by_name(client, {"db1", kAddress.port}, 1s);
  pass(10ms);
  EXPECT_EQ(client.told, "closed: name not resolved; ");
  name_server.set("db1", {kAddress.host});
  network.connect_by_name(client, {"db1", kAddress.port}, 1s);
  pass(10ms);
  network.connect_by_name(client, kAddress, 1s);
  pass(10ms);
  EXPECT_EQ(client.told, "closed: name not resolved; connected; connected; ");
}

TEST_F(SimulatedNetwork, LetsAnAttemptThroughACutTimeOut) {
  network.listen(server, kAddress);
  network.cut(client.host(), server.host());
  network.connect(client, kAddress, 1s);
  pass(999ms);
  EXPECT_EQ(client.told, "");
  pass(2ms);
  EXPECT_EQ(client.told, "closed: connection timed out; ");
}

TEST_F(SimulatedNetwork, HoldsWhatIsSentThroughACutAndDeliversItLater) {
  const ConnectionId connection = connected();
  network.cut(client.host(), server.host());
  network.send(connection, "late");
  network.send(server.last, "other way");
  pass(10s);
  EXPECT_EQ(server.received, "");
  EXPECT_EQ(client.received, "other way");
  network.mend(client.host(), server.host());
  pass(10ms);
  EXPECT_EQ(server.received, "late");
}

TEST_F(SimulatedNetwork, TellsTheOtherSideOfAProcessThatDied) {
  connected();
  network.release(server);
  server.die();
  pass(10ms);
  EXPECT_EQ(client.told, "connected; closed: connection reset; ");
}

TEST_F(SimulatedNetwork, KeepsSilentOnAHostThatIsLostUntilItIsBack) {
  const ConnectionId connection = connected();
  network.lose(server);
  server.die();
  network.send(connection, "anybody?");
  pass(10s);
  EXPECT_EQ(client.told, "connected; ");
  network.raise(server.host());
  network.send(connection, "anybody?");
  pass(10ms);
  EXPECT_EQ(client.told, "connected; closed: connection reset; ");
}

TEST_F(SimulatedNetwork, KeepsWhatIsForAProcessThatStandsStill) {
  server.pause();
  const ConnectionId connection = connected();
  network.send(connection, "hello");
  pass(1s);
  EXPECT_EQ(client.told, "connected; ") << "the kernel accepts";
  EXPECT_EQ(server.told, "");
  server.resume();
  EXPECT_EQ(server.told, "accepted from 10.0.0.1; ");
  EXPECT_EQ(server.received, "hello");
}

// What was sent before them is lost, so that the server would not understand them: `HELLO`, say, without its version.
TEST_F(SimulatedNetwork, DeliversNothingThatWasSentAfterAReset) {
  for (const bool stands_still : {false, true}) {
    network.listen(server, kAddress);
    const ConnectionId connection = network.connect(client, kAddress, 1s);
    pass(10ms);
    if (stands_still) server.pause();
    network.set_weather({.longest_delay = 50us, .reset_probability = 1});
    network.send(connection, "lost");
    network.set_weather({.longest_delay = 50us});
    network.send(connection, "sent later");
    pass(10ms);
    server.resume();
    pass(10ms);
    EXPECT_EQ(server.received, "");
    EXPECT_EQ(server.told, "accepted from 10.0.0.1; closed: connection reset; ");
    EXPECT_EQ(client.told, "connected; closed: connection reset; ");
    network.release(server);
    server.told = client.told = "";
  }
}

TEST_F(SimulatedNetwork, ShowsASlowReaderBeyondTheBuffersOfTheKernel) {
  const ConnectionId connection = connected();
  server.pause();
  network.send(connection, std::string(Network::kSocketBufferBytes, 'x'));
  EXPECT_EQ(network.unsent_bytes(connection), 0U);
  network.send(connection, "y");
  pass(1s);
  EXPECT_EQ(network.unsent_bytes(connection), 1U);
  server.resume();
  EXPECT_EQ(network.unsent_bytes(connection), 0U);
}

}  // namespace
}  // namespace vedette::sim
