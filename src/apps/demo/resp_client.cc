#include "apps/demo/resp_client.h"

#include <utility>

#include "resp/writer.h"

namespace vedette::demo {
namespace {

constexpr Micros kConnectTimeout = 500ms;

}  // namespace

RespClient::RespClient(net::asio::io_context& loop, Handlers handlers)
    : readiness_(loop), handlers_(std::move(handlers)) {}
RespClient::~RespClient() { close(); }

void RespClient::connect(std::uint16_t port) {
  close();
  decoder_ = resp::ReplyDecoder();
  net::Connection::Owner& owner = *this;
  auto stream = std::make_unique<net::PlainStream>(net::StreamSocket());
  connection_ = std::make_shared<net::Connection>(node::ConnectionId{}, owner, readiness_, std::move(stream));
  connection_->connect({net::asio::ip::address_v4::loopback(), port}, std::nullopt, kConnectTimeout);
}

void RespClient::close() {
  if (const auto connection = std::exchange(connection_, nullptr)) connection->close(node::Close::kNow);
}

void RespClient::send(const std::vector<std::string>& request) {
  if (!connection_) return;
  std::string bytes;
  resp::append_request(bytes, request);
  connection_->send(std::move(bytes));
}

void RespClient::connected(net::Connection&) { handlers_.connected(); }

void RespClient::received(net::Connection& connection, std::string_view bytes) {
  decoder_.feed(bytes);
  while (connection_.get() == &connection) {
    auto value = decoder_.next();
    if (!value) {
      close();
      handlers_.ended();
    } else if (*value) {
      handlers_.received(**value);
    } else {
      return;
    }
  }
}

void RespClient::ended(net::Connection&, core::LinkFault, const net::error_code&) {
  connection_.reset();
  handlers_.ended();
}

}  // namespace vedette::demo
