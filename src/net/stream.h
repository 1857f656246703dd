// The bytes of one connection on their way to and from its socket: as they are (here), or through TLS
// (`tls_stream.h`). Nothing blocks: what cannot be done yet says what the socket has to be ready for before the same
// call is made again.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

#include "net/asio.h"

namespace vedette::net {

// How far one call got.
struct Step {
  std::size_t size = 0;  // bytes moved
  error_code error;      // came after them; `would_block`: nothing moved, call again once the socket is ready
  Socket::wait_type needs = Socket::wait_read;

  bool blocked() const { return error == asio::error::would_block; }
};

class Stream {
 public:
  explicit Stream(Socket socket) : socket_(std::move(socket)) {}
  virtual ~Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // When the socket is connected and does not block, before anything else.
  virtual Step shake_hands() = 0;

  // Where the first bytes may be put by who waits for them, if that is cheaper than to wait for readiness and then
  // read: empty if it is not. What came of it is then told by `took_head`, and read by `read_some`.
  virtual std::span<char> head() { return {}; }
  virtual void took_head(std::size_t, const error_code&) {}

  virtual Step read_some(std::span<char> buffer) = 0;
  // The same where nobody wants to understand it.
  virtual Step discard_some(std::span<char> buffer) { return read_socket(buffer); }
  // After it blocked, the next call must begin with the same bytes.
  virtual Step write_some(std::string_view bytes) = 0;
  // Tells the other side that no more will come.
  virtual Step end_output() = 0;

  virtual void close();

  Socket& socket() { return socket_; }

 protected:
  Step read_socket(std::span<char> buffer);

 private:
  Socket socket_;
};

// To wait for the readiness of a socket costs a system call of its own each time, to wait for bytes does not, but they
// need a place to come to. It is small, for there is one for each idle connection, and holds most of what sentinels
// hear: the answer to a PING, a hello, a client's question.
class PlainStream final : public Stream {
 public:
  static constexpr std::size_t kHeadBytes = 256;

  using Stream::Stream;

  Step shake_hands() override { return {}; }
  std::span<char> head() override { return head_; }
  void took_head(std::size_t size, const error_code& error) override;
  Step read_some(std::span<char> buffer) override;
  Step discard_some(std::span<char> buffer) override { return read_some(buffer); }
  Step write_some(std::string_view bytes) override;
  Step end_output() override;

 private:
  std::array<char, kHeadBytes> head_;
  std::size_t head_size_ = 0;
  error_code head_error_;
};

}  // namespace vedette::net
