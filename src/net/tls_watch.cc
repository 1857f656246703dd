#include "net/tls_watch.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <utility>

namespace vedette::net {

TlsWatch::TlsWatch(asio::io_context& loop, node::Logger& logger, conf::TlsSettings settings, Millis period,
                   OnLoaded on_loaded)
    : loop_(loop),
      logger_(logger),
      settings_(std::move(settings)),
      period_(period),
      on_loaded_(std::move(on_loaded)),
      timer_(loop),
      loaded_(look()),
      latest_(loaded_) {
  wait();
}

TlsWatch::~TlsWatch() { worker_.join(); }

void TlsWatch::reload() {
  asio::post(worker_, [this] { load(); });
}

// The next look comes a period after this one has ended, however long it takes.
void TlsWatch::wait() {
  timer_.expires_after(period_);
  timer_.async_wait([this](const error_code& error) {
    if (!error) asio::post(worker_, [this] { check(); });
  });
}

// Certificate and key are replaced one after the other: they are read once nothing has moved for a period.
void TlsWatch::check() {
  const Look before = std::exchange(latest_, look());
  if (latest_ != loaded_ && latest_ == before) load();
  asio::post(loop_, [this] { wait(); });
}

void TlsWatch::load() {
  loaded_ = latest_ = look();
  asio::post(loop_, [this, result = load_tls(settings_)]() mutable {
    if (!result) {
      logger_.log(core::Level::kWarning,
                  fmt::format("Failed to reload the TLS certificates, those in use stay: {}", result.error().message));
      return;
    }
    logger_.log(core::Level::kNotice, "Reloaded the TLS certificates");
    on_loaded_(*std::move(result));
  });
}

TlsWatch::Look TlsWatch::look() const {
  const conf::TlsSettings& at = settings_;
  Look seen;
  for (const std::string* path : {&at.cert_file, &at.key_file, &at.client_cert_file, &at.client_key_file,
                                  &at.ca_cert_file, &at.ca_cert_dir, &at.dh_params_file}) {
    struct stat status {};
    if (path->empty() || stat(path->c_str(), &status) != 0) {
      seen.emplace_back();
      continue;
    }
    seen.push_back(fmt::format("{} {} {} {}.{} {}.{}", status.st_dev, status.st_ino, status.st_size,
                               status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec,
                               status.st_ctim.tv_nsec));
  }
  return seen;
}

}  // namespace vedette::net
