// The bytes of one connection on their way to and from its socket: as they are (here), or through TLS
// (`tls_stream.h`). Nothing blocks and nothing is remembered: what cannot be done yet says what the socket has to be
// ready for before the same call is made again.
#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "net/readiness.h"
#include "net/stream_socket.h"

namespace vedette::net {

// How far one call got.
struct Step {
  std::size_t size = 0;  // bytes moved
  error_code error;      // `would_block`: nothing moved, call again once the socket is ready
  Direction needs = Direction::kInput;

  bool blocked() const { return error == asio::error::would_block; }
};

class Stream {
 public:
  explicit Stream(StreamSocket socket) : socket_(std::move(socket)) {}
  virtual ~Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // When the socket is connected and does not block, before anything else.
  virtual Step shake_hands() = 0;
  // Of shaking hands, the first thing that the other side has to say was read.
  virtual bool has_begun() const = 0;

  virtual Step read_some(std::span<char> buffer) = 0;
  // After it blocked, the next call must begin with the same bytes.
  virtual Step write_some(std::string_view bytes) = 0;
  // Tells the other side that no more will come.
  virtual Step end_output() = 0;

  virtual void close() { socket_.close(); }

  StreamSocket& socket() { return socket_; }

 private:
  StreamSocket socket_;
};

class PlainStream final : public Stream {
 public:
  using Stream::Stream;

  Step shake_hands() override { return {}; }
  bool has_begun() const override { return true; }
  Step read_some(std::span<char> buffer) override;
  Step write_some(std::string_view bytes) override;
  Step end_output() override;
};

}  // namespace vedette::net
