// One connection to a server or a sentinel of this machine, as a client has it: requests out, replies in.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/asio.h"
#include "net/connection.h"
#include "net/prompt_readiness.h"
#include "resp/reply_decoder.h"

namespace vedette::demo {

class RespClient final : private net::Connection::Owner {
 public:
  // Any of these may connect anew or close, but not destroy the client.
  struct Handlers {
    std::function<void()> connected;
    std::function<void(const resp::Value&)> received;
    std::function<void()> ended;  // or never connected; not after `close`
  };

  RespClient(net::asio::io_context& loop, Handlers handlers);
  ~RespClient() override;
  RespClient(const RespClient&) = delete;
  RespClient& operator=(const RespClient&) = delete;

  // Ends what there was.
  void connect(std::uint16_t port);
  void close();

  void send(const std::vector<std::string>& request);

 private:
  void connected(net::Connection& connection) override;
  void received(net::Connection& connection, std::string_view bytes) override;
  void ended(net::Connection& connection, core::LinkFault fault, const net::error_code& cause) override;
  Micros linger_time() const override { return Micros{0}; }
  std::span<char> read_buffer() override { return buffer_; }

  net::PromptReadiness readiness_;
  const Handlers handlers_;
  std::shared_ptr<net::Connection> connection_;
  resp::ReplyDecoder decoder_;
  std::array<char, 16384> buffer_{};
};

}  // namespace vedette::demo
