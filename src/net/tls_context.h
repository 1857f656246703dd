// What TLS needs besides a connection: certificates, keys, authorities and rules, as the configuration and the files
// that it names say at one moment. Connections keep what they began with; files that change later are read anew by
// `tls_watch.h`.
#pragma once

#include <openssl/ssl.h>

#include <memory>

#include "base/result.h"
#include "conf/model.h"

namespace vedette::net {

struct FreeTlsContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeTlsContext>;

struct TlsContexts {
  TlsContext server;  // for those who connect to us
  TlsContext client;  // for connections that we make
};

bool uses_tls(const conf::TlsSettings& settings);

// The error names the directive, the file and the reason. Reads files, so it may block.
Result<TlsContexts> load_tls(const conf::TlsSettings& settings);

}  // namespace vedette::net
