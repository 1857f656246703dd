// The socket of one connection, without a loop: nothing here blocks, and when it is ready tells `readiness.h`.
#pragma once

#include <span>
#include <string_view>

#include "base/time.h"
#include "net/asio.h"
#include "net/descriptor.h"

namespace vedette::net {

class StreamSocket {
 public:
  StreamSocket() = default;
  // The next one of those who wait at this listening socket; `would_block` if there is none.
  static StreamSocket accepted_at(int listener, error_code& error);

  // For a connection to be made, of this family.
  error_code open(int family);
  error_code bind(const Endpoint& local);
  // `in_progress`: once output is possible, `take_error` tells how it went.
  error_code connect(const Endpoint& remote);
  error_code take_error();

  Endpoint local_endpoint(error_code& error) const;
  Endpoint remote_endpoint(error_code& error) const;

  // The bytes moved; `would_block` if there was nothing to be done now, `eof` at the end of what the other side says.
  std::size_t read_some(std::span<char> buffer, error_code& error);
  std::size_t write_some(std::string_view bytes, error_code& error);
  // Tells the other side that no more will come.
  error_code end_output();

  int descriptor() const { return descriptor_.get(); }
  void close() { descriptor_ = Descriptor(); }

 private:
  Descriptor descriptor_;
};

// Messages are small and wanted at once, and a side that vanished is to be noticed even where nothing is said: after
// `keepalive` (0: never) the kernel asks for a sign of life. Of a socket that listens, all connections inherit it. That
// an option cannot be set (the other side may be gone already) shows later, in reading.
void tune(int socket, Seconds keepalive);

}  // namespace vedette::net
