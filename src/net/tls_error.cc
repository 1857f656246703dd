#include "net/tls_error.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

namespace vedette::net {
namespace {

// Boost deletes no category through its base.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"

class TlsCategory final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "tls"; }
  std::string message(int value) const override {
    const char* reason = ERR_reason_error_string(static_cast<unsigned>(value));
    return reason != nullptr ? reason : "an error of TLS without a name";
  }
};

class VerificationCategory final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "tls-verification"; }
  std::string message(int value) const override {
    return std::string("certificate verify failed: ") + X509_verify_cert_error_string(value);
  }
};

#pragma GCC diagnostic pop

const TlsCategory kTlsCategory;
const VerificationCategory kVerificationCategory;

}  // namespace

error_code take_tls_error() {
  const unsigned long error = ERR_get_error();
  ERR_clear_error();
  if (ERR_SYSTEM_ERROR(error)) return {ERR_GET_REASON(error), boost::system::system_category()};
  return {static_cast<int>(error), kTlsCategory};
}

error_code verification_error(long result) { return {static_cast<int>(result), kVerificationCategory}; }

bool is_tls_error(const error_code& error) {
  return error.category() == kTlsCategory || error.category() == kVerificationCategory;
}

}  // namespace vedette::net
