// The network through TLS: what it has in common with a plain one is tested in `tcp_network_test.cc`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <optional>

#include "net/addresses.h"
#include "net/listener.h"
#include "net/signals.h"
#include "net/tcp_network.h"
#include "net/test_certificates.h"
#include "net/test_world.h"

namespace vedette::net {
namespace {

using core::LinkFault;
using node::Close;
using node::ConnectionId;
using testing::HasSubstr;

// A network that listens, and one that connects, each with certificates and rules of its own.
class TlsNetworkTest : public testing::Test {
 protected:
  struct Side {
    conf::TlsSettings tls;
    NetworkSettings settings;
    RecordingLogger logger;
    RecordingEvents events;
    std::optional<TcpNetwork> network;
  };

  TlsNetworkTest() {
    ignore_harmless_signals();  // OpenSSL writes to sockets whose other side may be gone
    authority.write(directory / "ca.crt");
    for (Side* side : {&server, &client}) {
      side->settings.tls_links = true;
      side->tls.cert_file = directory / "own.crt";
      side->tls.key_file = directory / "own.key";
      side->tls.ca_cert_file = directory / "ca.crt";
    }
    authority.issue(server.tls.cert_file, server.tls.key_file);
    EXPECT_TRUE(listener.open({"127.0.0.1"}, 0, PortSettings{}).ok());
    listener.start();
  }

  void start() {
    for (Side* side : {&server, &client}) {
      side->network.emplace(loop, side->settings, side->logger, side->events);
      side->network->use(load_tls(side->tls).value());
    }
  }

  Address here() const { return listener.addresses().front(); }

  tcp::socket plain_client() {
    tcp::socket socket(loop);
    socket.connect(*to_endpoint(here()));
    return socket;
  }

  ConnectionId theirs() const { return server.events.accepted.front(); }

  // Connects, and says something to be certain that the server is content too: in TLS 1.3 it has the last word.
  ConnectionId connect() {
    const ConnectionId ours = client.network->connect(here(), 5s);
    client.network->send(ours, "hello");
    run_until(loop, [&] { return client.events.of(ours).fault != LinkFault::kNone || heard("hello"); });
    return ours;
  }

  bool heard(const std::string& text) {
    return !server.events.accepted.empty() && server.events.of(theirs()).received == text;
  }

  asio::io_context loop;
  TemporaryDirectory directory;
  Authority authority{"authority"};
  Side server;
  Side client;
  Listener listener{loop, server.logger,
                    [this](StreamSocket socket) { server.network->adopt(std::move(socket), Security::kTls); },
                    [this] { return server.network->has_room_for_newcomer(); }};
};

TEST_F(TlsNetworkTest, ConnectsAndTalksBothWays) {
  start();
  const ConnectionId ours = connect();
  EXPECT_EQ(server.events.of(theirs()).remote, client.events.of(ours).local);
  server.network->send(theirs(), "pong");
  run_until(loop, [&] { return client.events.of(ours).received == "pong"; });
  client.network->close(ours, Close::kNow);
  run_until(loop, [&] { return server.events.of(theirs()).fault == LinkFault::kReset; });
}

TEST_F(TlsNetworkTest, SpeaksOldAndNewProtocols) {
  for (const char* protocol : {"TLSv1.2", "TLSv1.3"}) {
    client.tls.protocols = {protocol};
    server.events.accepted.clear();
    start();
    EXPECT_EQ(client.events.of(connect()).fault, LinkFault::kNone) << protocol;
  }
}

TEST_F(TlsNetworkTest, FailsWithoutACommonProtocol) {
  client.tls.protocols = {"TLSv1.2"};
  server.tls.protocols = {"TLSv1.3"};
  start();
  const ConnectionId ours = connect();
  EXPECT_EQ(client.events.of(ours).fault, LinkFault::kInsecure);
  EXPECT_TRUE(server.events.records.empty()) << "told of who never came";
}

TEST_F(TlsNetworkTest, RefusesAServerOfAnotherAuthorityAndSaysSoOnce) {
  Authority("stranger").write(directory / "stranger.crt");
  client.tls.ca_cert_file = directory / "stranger.crt";
  start();
  EXPECT_EQ(client.events.of(connect()).fault, LinkFault::kInsecure);
  EXPECT_EQ(client.events.of(connect()).fault, LinkFault::kInsecure);
  ASSERT_EQ(client.logger.entries.size(), 1U);
  EXPECT_THAT(client.logger.entries[0].text,
              HasSubstr("TLS with " + to_string(here()) + " failed: certificate verify failed: "));
}

TEST_F(TlsNetworkTest, RefusesClientsOfAnotherAuthorityIfTheyAreAuthenticated) {
  const Authority stranger("stranger");
  stranger.issue(directory / "stranger.crt", directory / "stranger.key");
  client.tls.client_cert_file = directory / "stranger.crt";
  client.tls.client_key_file = directory / "stranger.key";
  for (const auto& [rule, fault] : {std::pair("no", LinkFault::kNone), std::pair("optional", LinkFault::kInsecure),
                                    std::pair("yes", LinkFault::kInsecure)}) {
    server.tls.auth_clients = rule;
    server.events.accepted.clear();
    start();
    EXPECT_EQ(client.events.of(connect()).fault, fault) << rule;
  }
  EXPECT_THAT(server.logger.entries.back().text, HasSubstr("Error accepting a client connection: certificate verify "));
}

TEST_F(TlsNetworkTest, ClientsWithoutACertificateAreServedUnlessOneIsWanted) {
  for (const auto& [rule, fault] : {std::pair("no", LinkFault::kNone), std::pair("optional", LinkFault::kNone),
                                    std::pair("yes", LinkFault::kInsecure)}) {
    server.tls.auth_clients = rule;
    server.events.accepted.clear();
    start();
    TlsContexts bare;
    bare.client.reset(SSL_CTX_new(TLS_method()));
    client.network->use(std::move(bare));
    EXPECT_EQ(client.events.of(connect()).fault, fault) << rule;
  }
}

TEST_F(TlsNetworkTest, PlainWordsAreNoHandshake) {
  start();
  tcp::socket plain = plain_client();
  plain.write_some(asio::buffer(std::string("PING\r\n")));
  run_until(loop, [&] { return !server.logger.entries.empty(); });
  EXPECT_THAT(server.logger.entries[0].text, HasSubstr("Error accepting a client connection: wrong version number"));
  EXPECT_TRUE(server.events.records.empty());
}

TEST_F(TlsNetworkTest, APlainServerIsNotSecure) {
  start();
  tcp::acceptor plain(loop, {asio::ip::address_v4::loopback(), 0});
  const ConnectionId ours = client.network->connect(to_address(Endpoint(plain.local_endpoint())), 5s);
  tcp::socket accepted = plain.accept();
  accepted.write_some(asio::buffer(std::string("-ERR what?\r\n")));
  run_until(loop, [&] { return client.events.of(ours).fault == LinkFault::kInsecure; });
}

TEST_F(TlsNetworkTest, AHandshakeThatTakesTooLongIsGivenUpOnBothSides) {
  server.settings.handshake_time = 30ms;
  start();
  tcp::socket silent = plain_client();
  silent.non_blocking(true);
  run_until(loop, [&] {
    error_code error;
    char byte;
    silent.read_some(asio::buffer(&byte, 1), error);
    return error == asio::error::eof;
  });
  EXPECT_TRUE(server.events.records.empty());

  tcp::acceptor mute(loop, {asio::ip::address_v4::loopback(), 0});
  const ConnectionId ours = client.network->connect(to_address(Endpoint(mute.local_endpoint())), 30ms);
  run_until(loop, [&] { return client.events.of(ours).fault == LinkFault::kTimedOut; });
}

TEST_F(TlsNetworkTest, WhoComesWhileVeryManyShakeHandsIsLetInLater) {
  server.settings.max_newcomers = 2;
  start();
  std::vector<ConnectionId> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(client.network->connect(here(), 5s));
  run_until(loop, [&] { return server.events.accepted.size() == clients.size(); });
  for (const ConnectionId each : clients) EXPECT_EQ(client.events.of(each).fault, LinkFault::kNone);
}

TEST_F(TlsNetworkTest, TheOldestOfTooManyHandshakesGoesIfItSaysNothing) {
  server.settings.max_newcomers = 2;
  server.settings.patience_in_a_crowd = 30ms;
  start();
  std::vector<tcp::socket> silent;
  for (int i = 0; i < 2; ++i) silent.push_back(plain_client());
  EXPECT_EQ(client.events.of(connect()).fault, LinkFault::kNone) << "an honest client is kept out";
  const auto gone = [](tcp::socket& socket) {
    error_code error;
    char byte;
    socket.non_blocking(true);
    socket.read_some(asio::buffer(&byte, 1), error);
    return error == asio::error::eof;
  };
  run_until(loop, [&] { return gone(silent[0]); });
  EXPECT_FALSE(gone(silent[1]));
}

TEST_F(TlsNetworkTest, LastWordsArriveThoughTheOtherSideIsSlowAndStillTalks) {
  start();
  const ConnectionId ours = connect();
  const std::string words(8U << 20, 'w');
  server.network->send(theirs(), words);
  EXPECT_EQ(server.network->unsent_bytes(theirs()), words.size());
  server.network->close(theirs(), Close::kAfterSend);
  client.network->send(ours, std::string(64U << 10, 'c'));
  run_until(loop, [&] { return client.events.of(ours).fault == LinkFault::kReset; });
  EXPECT_EQ(client.events.of(ours).received, words);
  EXPECT_EQ(server.events.of(theirs()).received, "hello");
  EXPECT_EQ(server.events.of(theirs()).fault, LinkFault::kNone) << "told of its own closing";
}

TEST_F(TlsNetworkTest, LingersOnlyForItsTime) {
  server.settings.linger_time = 30ms;
  start();
  const tcp::socket plain = plain_client();
  const ConnectionId ours = connect();
  server.network->send(theirs(), "bye");
  server.network->close(theirs(), Close::kAfterSend);
  run_until(loop, [&] { return client.events.of(ours).fault == LinkFault::kReset; });
  EXPECT_EQ(client.events.of(ours).received, "bye");
}

TEST_F(TlsNetworkTest, NewCertificatesAreForConnectionsThatBeginLater) {
  start();
  const ConnectionId early = connect();
  const Authority successor("successor");
  successor.write(directory / "successor.crt");
  successor.issue(server.tls.cert_file, server.tls.key_file);
  server.network->use(load_tls(server.tls).value());
  const ConnectionId refused = client.network->connect(here(), 5s);
  run_until(loop, [&] { return client.events.of(refused).fault == LinkFault::kInsecure; });
  client.tls.ca_cert_file = directory / "successor.crt";
  server.tls.ca_cert_file = directory / "successor.crt";
  server.network->use(load_tls(server.tls).value());
  client.network->use(load_tls(client.tls).value());
  const ConnectionId late = client.network->connect(here(), 5s);
  run_until(loop, [&] { return server.events.accepted.size() == 2 && client.events.of(late).open; });
  client.network->send(early, " again");
  run_until(loop, [&] { return heard("hello again"); });
}

// A sentinel on whose servers nobody listened grew without end (redis#9725).
TEST_F(TlsNetworkTest, MemoryDoesNotGrowWhileItConnectsToTheDeadAgainAndAgain) {
  start();
  tcp::acceptor bound(loop, tcp::v4());  // holds the port, but nobody listens
  bound.bind({asio::ip::address_v4::loopback(), 0});
  const Address dead = to_address(Endpoint(bound.local_endpoint()));
  const auto try_often = [&](int times) {
    for (int i = 0; i < times; ++i) {
      const ConnectionId id = client.network->connect(dead, 5s);
      run_until(loop, [&] { return client.events.of(id).fault == LinkFault::kRefused; });
      client.events.records.clear();
    }
  };
  try_often(50);
  const std::size_t before = mallinfo2().uordblks;
  try_often(1000);
  EXPECT_LT(mallinfo2().uordblks, before + (64U << 10));
}

TEST_F(TlsNetworkTest, MayGoWhileConnectionsAreInEveryState) {
  start();
  const tcp::socket silent = plain_client();
  const ConnectionId ours = connect();
  server.network->send(theirs(), std::string(8U << 20, 'x'));
  server.network->close(theirs(), Close::kAfterSend);
  client.network->connect(here(), 5s);
  loop.poll();
  listener.close();
  client.network.reset();
  server.network.reset();
  const std::size_t heard = client.events.of(ours).received.size();
  loop.poll();
  EXPECT_EQ(client.events.of(ours).received.size(), heard);
}

}  // namespace
}  // namespace vedette::net
