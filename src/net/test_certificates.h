// Certificates for tests: an authority of its own for each test that wants one, and what it signs.
#pragma once

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace vedette::net {

class Authority {
 public:
  explicit Authority(const std::string& name) : name_(name), certificate_(sign(key_.get(), name)) {}

  void write(const std::string& path) const { write_certificate(path, certificate_.get()); }

  // A certificate with its key, which is encrypted if there is a password.
  void issue(const std::string& certificate_path, const std::string& key_path, const std::string& password = "") const {
    const Key key = new_key();
    write_certificate(certificate_path, sign(key.get(), "server").get());
    const File file(fopen(key_path.c_str(), "w"), fclose);
    const EVP_CIPHER* cipher = password.empty() ? nullptr : EVP_aes_256_cbc();
    const auto* bytes = reinterpret_cast<const unsigned char*>(password.data());
    EXPECT_EQ(
        PEM_write_PrivateKey(file.get(), key.get(), cipher, bytes, static_cast<int>(password.size()), nullptr, nullptr),
        1);
  }

 private:
  using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
  using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
  using File = std::unique_ptr<FILE, decltype(&fclose)>;

  static Key new_key() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }

  static void set_name(X509_NAME* name, const std::string& text) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, bytes, static_cast<int>(text.size()), -1, 0);
  }

  Certificate sign(EVP_PKEY* key, const std::string& subject) const {
    constexpr long kHour = 3600;
    Certificate made(X509_new(), X509_free);
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial_);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -kHour);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), kHour);
    set_name(X509_get_subject_name(made.get()), subject);
    set_name(X509_get_issuer_name(made.get()), name_);
    X509_set_pubkey(made.get(), key);
    if (subject == name_) {
      X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE");
      X509_add_ext(made.get(), extension, -1);
      X509_EXTENSION_free(extension);
    }
    EXPECT_GT(X509_sign(made.get(), key_.get(), EVP_sha256()), 0);
    return made;
  }

  static void write_certificate(const std::string& path, X509* certificate) {
    const File file(fopen(path.c_str(), "w"), fclose);
    EXPECT_EQ(PEM_write_X509(file.get(), certificate), 1);
  }

  const std::string name_;
  const Key key_ = new_key();
  mutable long serial_ = 0;
  const Certificate certificate_;
};

}  // namespace vedette::net
