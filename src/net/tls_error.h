// What OpenSSL says went wrong, as an error code like those of sockets.
#pragma once

#include <string>

#include "net/asio.h"

namespace vedette::net {

// The oldest error that OpenSSL noted since its queue was last cleared, which is the cause of the others.
error_code take_tls_error();

// `result` is what SSL_get_verify_result said of the other side's certificate: one of X509_V_ERR_*.
error_code verification_error(long result);

// Whether TLS failed, and not the connection below it.
bool is_tls_error(const error_code& error);

}  // namespace vedette::net
