#include "net/faults.h"

#include "net/tls_error.h"

namespace vedette::net {

// Anything else (no route, no permission, no local port, no descriptor) means that the attempt did not get as far as
// the other side.
core::LinkFault connect_fault(const error_code& error) {
  if (error == asio::error::connection_refused) return core::LinkFault::kRefused;
  if (error == asio::error::connection_reset || error == asio::error::connection_aborted) {
    return core::LinkFault::kReset;
  }
  if (error == asio::error::timed_out) return core::LinkFault::kTimedOut;
  return core::LinkFault::kUnreachable;
}

core::LinkFault connection_fault(const error_code& error) {
  if (is_tls_error(error)) return core::LinkFault::kInsecure;
  if (error == asio::error::timed_out) return core::LinkFault::kTimedOut;
  if (error == asio::error::host_unreachable || error == asio::error::network_unreachable ||
      error == asio::error::network_down) {
    return core::LinkFault::kUnreachable;
  }
  return core::LinkFault::kReset;
}

}  // namespace vedette::net
