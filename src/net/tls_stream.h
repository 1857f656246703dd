// A connection through TLS. OpenSSL reads and writes the socket itself; between calls an idle stream keeps no buffers.
#pragma once

#include <openssl/ssl.h>

#include <memory>

#include "net/stream.h"

namespace vedette::net {

class TlsStream final : public Stream {
 public:
  enum class Side : std::uint8_t { kClient, kServer };

  // `context` is shared, and may be dropped by its owner while the stream lives.
  TlsStream(StreamSocket socket, SSL_CTX& context, Side side);

  Step shake_hands() override;
  bool has_begun() const override { return SSL_get_state(session_.get()) != TLS_ST_BEFORE; }
  Step read_some(std::span<char> buffer) override;
  Step write_some(std::string_view bytes) override;
  Step end_output() override;
  void close() override;

 private:
  struct FreeSession {
    void operator()(SSL* session) const { SSL_free(session); }
  };

  // What became of a call that returned `result`, not positive for failure.
  Step conclude(int result, std::size_t size);

  std::unique_ptr<SSL, FreeSession> session_;
  bool usable_ = false;     // hands are shaken, and nothing has failed since
  bool mid_write_ = false;  // a write has blocked half-way through
};

}  // namespace vedette::net
