#include "net/tls_context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "net/test_certificates.h"
#include "net/test_world.h"

namespace vedette::net {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class TlsContextTest : public testing::Test {
 protected:
  TlsContextTest() {
    authority.write(directory / "ca.crt");
    authority.issue(directory / "own.crt", directory / "own.key");
    settings.port = 26380;
    settings.cert_file = directory / "own.crt";
    settings.key_file = directory / "own.key";
    settings.ca_cert_file = directory / "ca.crt";
  }

  std::string error() {
    const auto loaded = load_tls(settings);
    return loaded ? "" : loaded.error().message;
  }

  TemporaryDirectory directory;
  Authority authority{"authority"};
  conf::TlsSettings settings;
};

TEST_F(TlsContextTest, IsMadeOfFiles) { EXPECT_EQ(error(), ""); }

TEST_F(TlsContextTest, IsUsedForAPortOrForLinks) {
  EXPECT_TRUE(uses_tls(settings));
  settings.port = 0;
  EXPECT_FALSE(uses_tls(settings));
  settings.replication = true;
  EXPECT_TRUE(uses_tls(settings));
}

TEST_F(TlsContextTest, AMissingFileIsNamedWithItsDirective) {
  settings.cert_file = "/no/such.crt";
  EXPECT_EQ(error(), "tls-cert-file '/no/such.crt': No such file or directory");
  settings.cert_file = directory / "own.crt";
  settings.key_file = "/no/such.key";
  EXPECT_EQ(error(), "tls-key-file '/no/such.key': No such file or directory");
  settings.key_file = directory / "own.key";
  settings.ca_cert_file = "/no/such.ca";
  EXPECT_EQ(error(), "tls-ca-cert-file '/no/such.ca': No such file or directory");
  settings.ca_cert_file = directory / "ca.crt";
  settings.ca_cert_dir = "/no/such";
  EXPECT_EQ(error(), "tls-ca-cert-dir '/no/such': No such file or directory");
  settings.ca_cert_dir = "";
  settings.dh_params_file = "/no/such.pem";
  EXPECT_EQ(error(), "tls-dh-params-file '/no/such.pem': No such file or directory");
  settings.client_cert_file = "/no/such.client";
  settings.client_key_file = settings.key_file;
  EXPECT_EQ(error(), "tls-client-cert-file '/no/such.client': No such file or directory");
}

TEST_F(TlsContextTest, WhatIsNoCertificateIsRefused) {
  std::ofstream(directory / "garbage") << "-----BEGIN CERTIFICATE-----\nnonsense\n";
  settings.cert_file = directory / "garbage";
  EXPECT_THAT(error(), StartsWith("tls-cert-file '" + directory / "garbage" + "': "));
}

TEST_F(TlsContextTest, AKeyOfAnotherCertificateIsRefused) {
  authority.issue(directory / "other.crt", directory / "other.key");
  settings.key_file = directory / "other.key";
  EXPECT_THAT(error(), AllOf(StartsWith("tls-key-file '"), EndsWith("key values mismatch")));
}

TEST_F(TlsContextTest, AnEncryptedKeyNeedsItsPasswordAndNeverAsksForIt) {
  authority.issue(directory / "own.crt", directory / "own.key", "open sesame");
  EXPECT_THAT(error(), StartsWith("tls-key-file '"));
  settings.key_file_pass = "wrong";
  EXPECT_THAT(error(), StartsWith("tls-key-file '"));
  EXPECT_THAT(error(), Not(HasSubstr("wrong")));
  settings.key_file_pass = "open sesame";
  EXPECT_EQ(error(), "");
}

TEST_F(TlsContextTest, WhatIsIndispensableIsAskedFor) {
  settings.ca_cert_file = "";
  EXPECT_THAT(error(), HasSubstr("tls-ca-cert-file or tls-ca-cert-dir must say whom to trust"));
  settings.auth_clients = "no";
  EXPECT_EQ(error(), "");
  settings.replication = true;
  EXPECT_THAT(error(), HasSubstr("tls-ca-cert-file or tls-ca-cert-dir must say whom to trust"));
  settings.client_cert_file = settings.cert_file;
  EXPECT_EQ(error(), "there is a tls-client-cert-file, but no tls-client-key-file");
  settings.key_file = "";
  EXPECT_EQ(error(), "there is no tls-key-file");
  settings.cert_file = "";
  EXPECT_EQ(error(), "there is no tls-cert-file");
}

TEST_F(TlsContextTest, UnknownCiphersAreRefused) {
  settings.ciphers = "no such cipher";
  EXPECT_EQ(error(), "tls-ciphers 'no such cipher': no cipher match");
  settings.ciphers = "ECDHE+AESGCM";
  settings.cipher_suites = "no such suite";
  EXPECT_EQ(error(), "tls-ciphersuites 'no such suite': no cipher match");
  settings.cipher_suites = "TLS_AES_128_GCM_SHA256";
  EXPECT_EQ(error(), "");
}

}  // namespace
}  // namespace vedette::net
