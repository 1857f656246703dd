#include "apps/demo/ports.h"

#include <gtest/gtest.h>

#include "net/asio.h"

namespace vedette::demo {
namespace {

net::tcp::endpoint at(std::uint16_t port) { return {net::asio::ip::address_v4::loopback(), port}; }

// As any server does it.
net::error_code listen_at(std::uint16_t port) {
  net::asio::io_context loop;
  net::tcp::acceptor acceptor(loop);
  net::error_code error;
  acceptor.open(net::tcp::v4(), error);
  acceptor.set_option(net::tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(at(port), error);
  if (!error) acceptor.listen(1, error);
  return error;
}

TEST(Ports, LetServersComeAndGo) {
  const auto ports = Ports::claim(3, 3);
  ASSERT_TRUE(ports);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_FALSE(listen_at(ports.value().server(i)));
    EXPECT_FALSE(listen_at(ports.value().server(i)));
    EXPECT_FALSE(listen_at(ports.value().sentinel(i)));
  }
}

TEST(Ports, AreGivenToNobodyElse) {
  const auto ports = Ports::claim(1, 1);
  ASSERT_TRUE(ports);
  net::asio::io_context loop;
  net::tcp::socket other(loop, net::tcp::v4());
  net::error_code error;
  other.bind(at(ports.value().server(0)), error);
  EXPECT_EQ(error, net::asio::error::address_in_use);
}

TEST(Ports, OfTwoDemosDiffer) {
  const auto first = Ports::claim(3, 3);
  const auto second = Ports::claim(3, 3);
  ASSERT_TRUE(first);
  ASSERT_TRUE(second);
  EXPECT_NE(first.value().server(0), second.value().server(0));
  EXPECT_NE(first.value().sentinel(0), second.value().sentinel(0));
}

TEST(Ports, OfAServerThatListensAreLeftAlone) {
  auto ports = Ports::claim(3, 3);
  ASSERT_TRUE(ports);
  const std::uint16_t port = ports->server(1);
  ports = Error{"given back"};
  net::asio::io_context loop;
  const net::tcp::acceptor acceptor(loop, at(port));
  const auto others = Ports::claim(3, 3);
  ASSERT_TRUE(others);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NE(others.value().server(i), port);
}

}  // namespace
}  // namespace vedette::demo
