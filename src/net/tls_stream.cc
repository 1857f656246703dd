#include "net/tls_stream.h"

#include <openssl/err.h>

#include <cerrno>

#include "base/check.h"
#include "net/tls_error.h"

namespace vedette::net {

TlsStream::TlsStream(StreamSocket socket, SSL_CTX& context, Side side)
    : Stream(std::move(socket)), session_(SSL_new(&context)) {
  VEDETTE_CHECK(session_ != nullptr, "there is memory for a TLS session");
  if (side == Side::kClient) {
    SSL_set_connect_state(session_.get());
  } else {
    SSL_set_accept_state(session_.get());
  }
}

Step TlsStream::shake_hands() {
  if (SSL_get_fd(session_.get()) < 0) SSL_set_fd(session_.get(), socket().descriptor());
  ERR_clear_error();
  const Step step = conclude(SSL_do_handshake(session_.get()), 0);
  usable_ = !step.error;
  return step;
}

Step TlsStream::read_some(std::span<char> buffer) {
  ERR_clear_error();
  std::size_t size = 0;
  const int result = SSL_read_ex(session_.get(), buffer.data(), buffer.size(), &size);
  return conclude(result, size);
}

Step TlsStream::write_some(std::string_view bytes) {
  ERR_clear_error();
  std::size_t size = 0;
  const int result = SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &size);
  const Step step = conclude(result, size);
  mid_write_ = step.blocked();
  return step;
}

Step TlsStream::end_output() {
  ERR_clear_error();
  const int result = SSL_shutdown(session_.get());
  // 0: our goodbye is sent, the other side's has not come yet.
  const Step step = result == 0 ? Step{} : conclude(result, 0);
  if (step.blocked()) return step;
  socket().end_output();  // fails only where there is no other side any more
  return {};
}

void TlsStream::close() {
  // Without a goodbye, some libraries take the end for an attack. It is not waited for.
  if (usable_ && !mid_write_) SSL_shutdown(session_.get());
  usable_ = false;
  session_.reset();
  ERR_clear_error();
  Stream::close();
}

Step TlsStream::conclude(int result, std::size_t size) {
  const int system_error = errno;
  Step step;
  step.size = size;
  if (result > 0) return step;
  switch (SSL_get_error(session_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      step.error = asio::error::would_block;
      return step;
    case SSL_ERROR_WANT_WRITE:
      step.error = asio::error::would_block;
      step.needs = Direction::kOutput;
      return step;
    case SSL_ERROR_ZERO_RETURN:
      step.error = asio::error::eof;
      return step;
    case SSL_ERROR_SYSCALL:
      usable_ = false;
      step.error = error_code(system_error, boost::system::system_category());
      if (system_error == 0) step.error = asio::error::eof;
      return step;
    default:
      usable_ = false;
      const long verified = SSL_get_verify_result(session_.get());
      step.error = verified != X509_V_OK ? verification_error(verified) : take_tls_error();
      return step;
  }
}

}  // namespace vedette::net
