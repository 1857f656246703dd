#include "net/tls_context.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "net/tls_error.h"

namespace vedette::net {
namespace {

struct Protocol {
  std::string_view name;
  int version;
  std::uint64_t without;  // the option that leaves it out
};
constexpr std::array<Protocol, 4> kProtocols{{{"TLSv1", TLS1_VERSION, SSL_OP_NO_TLSv1},
                                              {"TLSv1.1", TLS1_1_VERSION, SSL_OP_NO_TLSv1_1},
                                              {"TLSv1.2", TLS1_2_VERSION, SSL_OP_NO_TLSv1_2},
                                              {"TLSv1.3", TLS1_3_VERSION, SSL_OP_NO_TLSv1_3}}};

// Our identity towards the other side.
struct Credentials {
  std::string_view prefix;  // of the directives: "tls" or "tls-client"
  const std::string& certificate_file;
  const std::string& key_file;
  const std::string& key_password;
};

Error failure(std::string_view directive, std::string_view value) {
  return Error{fmt::format("{} '{}': {}", directive, value, take_tls_error().message())};
}

// Without this, OpenSSL would ask for the password of a key on the terminal.
int give_password(char* buffer, int size, int, void* password) {
  const auto* text = static_cast<const std::string*>(password);
  if (text == nullptr || text->empty() || text->size() > static_cast<std::size_t>(size)) return -1;
  return static_cast<int>(text->copy(buffer, text->size()));
}

Status use_credentials(SSL_CTX& context, const Credentials& own) {
  if (SSL_CTX_use_certificate_chain_file(&context, own.certificate_file.c_str()) != 1) {
    return failure(fmt::format("{}-cert-file", own.prefix), own.certificate_file);
  }
  SSL_CTX_set_default_passwd_cb(&context, give_password);
  SSL_CTX_set_default_passwd_cb_userdata(&context, const_cast<std::string*>(&own.key_password));
  const bool loaded = SSL_CTX_use_PrivateKey_file(&context, own.key_file.c_str(), SSL_FILETYPE_PEM) == 1;
  SSL_CTX_set_default_passwd_cb_userdata(&context, nullptr);
  if (!loaded) return failure(fmt::format("{}-key-file", own.prefix), own.key_file);
  return Ok{};
}

Status trust(SSL_CTX& context, const conf::TlsSettings& settings) {
  const std::string& file = settings.ca_cert_file;
  const std::string& directory = settings.ca_cert_dir;
  if (!file.empty() && SSL_CTX_load_verify_file(&context, file.c_str()) != 1) {
    return failure("tls-ca-cert-file", file);
  }
  if (directory.empty()) return Ok{};
  std::error_code error;  // OpenSSL would look into the directory only when it needs something from there
  std::filesystem::directory_iterator(directory, error);
  if (error) return Error{fmt::format("tls-ca-cert-dir '{}': {}", directory, error.message())};
  if (SSL_CTX_load_verify_dir(&context, directory.c_str()) != 1) return failure("tls-ca-cert-dir", directory);
  return Ok{};
}

void allow_protocols(SSL_CTX& context, const std::vector<std::string>& wanted) {
  SSL_CTX_set_min_proto_version(&context, 0);  // what the system forbids by default may be wanted
  for (const Protocol& protocol : kProtocols) {
    if (std::find(wanted.begin(), wanted.end(), protocol.name) == wanted.end()) {
      SSL_CTX_set_options(&context, protocol.without);
    }
  }
}

Status choose_ciphers(SSL_CTX& context, const conf::TlsSettings& settings) {
  if (!settings.ciphers.empty() && SSL_CTX_set_cipher_list(&context, settings.ciphers.c_str()) != 1) {
    return failure("tls-ciphers", settings.ciphers);
  }
  if (!settings.cipher_suites.empty() && SSL_CTX_set_ciphersuites(&context, settings.cipher_suites.c_str()) != 1) {
    return failure("tls-ciphersuites", settings.cipher_suites);
  }
  return Ok{};
}

// For key exchanges of the old kind.
Status use_dh_parameters(SSL_CTX& context, const std::string& file) {
  if (file.empty()) return Ok{};
  const std::unique_ptr<BIO, int (*)(BIO*)> input(BIO_new_file(file.c_str(), "r"), BIO_free);
  EVP_PKEY* parameters = input ? PEM_read_bio_Parameters(input.get(), nullptr) : nullptr;
  if (parameters != nullptr && SSL_CTX_set0_tmp_dh_pkey(&context, parameters) == 1) return Ok{};
  Error error = failure("tls-dh-params-file", file);
  EVP_PKEY_free(parameters);
  return error;
}

Result<TlsContext> make_context(const conf::TlsSettings& settings, const Credentials& own) {
  ERR_clear_error();
  TlsContext context(SSL_CTX_new(TLS_method()));
  if (!context) return Error{"no memory for TLS"};
  // The end of a stream without a goodbye is an end like any other: RESP itself shows whether something is missing.
  SSL_CTX_set_options(context.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  allow_protocols(*context, settings.protocols);
  for (const Status& status :
       {use_credentials(*context, own), trust(*context, settings), choose_ciphers(*context, settings)}) {
    if (!status) return status.error();
  }
  return context;
}

void keep_sessions(SSL_CTX& context, const conf::TlsSettings& settings) {
  static constexpr std::string_view kOurs = "vedette";
  SSL_CTX_set_session_id_context(&context, reinterpret_cast<const unsigned char*>(kOurs.data()), kOurs.size());
  if (!settings.session_caching) {
    SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(&context, SSL_OP_NO_TICKET);
    return;
  }
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_SERVER);
  SSL_CTX_sess_set_cache_size(&context, settings.session_cache_size);
  SSL_CTX_set_timeout(&context, settings.session_cache_timeout.count());
}

int verification_of_clients(const std::string& wanted) {
  if (wanted == "no") return SSL_VERIFY_NONE;
  if (wanted == "optional") return SSL_VERIFY_PEER;
  return SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
}

Status check_completeness(const conf::TlsSettings& settings) {
  if (settings.cert_file.empty()) return Error{"there is no tls-cert-file"};
  if (settings.key_file.empty()) return Error{"there is no tls-key-file"};
  if (!settings.client_cert_file.empty() && settings.client_key_file.empty()) {
    return Error{"there is a tls-client-cert-file, but no tls-client-key-file"};
  }
  const bool verifies = settings.replication || settings.auth_clients != "no";
  if (verifies && settings.ca_cert_file.empty() && settings.ca_cert_dir.empty()) {
    return Error{
        "with tls-replication or tls-auth-clients, tls-ca-cert-file or tls-ca-cert-dir must say whom to trust"};
  }
  return Ok{};
}

}  // namespace

bool uses_tls(const conf::TlsSettings& settings) { return settings.port != 0 || settings.replication; }

Result<TlsContexts> load_tls(const conf::TlsSettings& settings) {
  if (const Status complete = check_completeness(settings); !complete) return complete.error();
  const Credentials own{"tls", settings.cert_file, settings.key_file, settings.key_file_pass};
  const Credentials own_as_client{"tls-client", settings.client_cert_file, settings.client_key_file,
                                  settings.client_key_file_pass};
  auto server = make_context(settings, own);
  if (!server) return server.error();
  auto client = make_context(settings, settings.client_cert_file.empty() ? own : own_as_client);
  if (!client) return client.error();
  SSL_CTX& serving = **server;
  SSL_CTX_set_verify(&serving, verification_of_clients(settings.auth_clients), nullptr);
  if (settings.prefer_server_ciphers) SSL_CTX_set_options(&serving, SSL_OP_CIPHER_SERVER_PREFERENCE);
  keep_sessions(serving, settings);
  if (const Status used = use_dh_parameters(serving, settings.dh_params_file); !used) return used.error();
  return TlsContexts{*std::move(server), *std::move(client)};
}

}  // namespace vedette::net
