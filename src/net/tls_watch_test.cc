#include "net/tls_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "net/test_certificates.h"
#include "net/test_world.h"

namespace vedette::net {
namespace {

using testing::HasSubstr;

class TlsWatchTest : public testing::Test {
 protected:
  TlsWatchTest() {
    settings.port = 26380;
    settings.auth_clients = "no";
    settings.cert_file = directory / "own.crt";
    settings.key_file = directory / "own.key";
    authority.issue(settings.cert_file, settings.key_file);
  }
  ~TlsWatchTest() override { loop.poll(); }

  void watch(Millis period) {
    watcher.emplace(loop, logger, settings, period, [this](const TlsContexts&) { ++loaded; });
  }

  TemporaryDirectory directory;
  Authority authority{"authority"};
  conf::TlsSettings settings;
  asio::io_context loop;
  RecordingLogger logger;
  int loaded = 0;
  std::optional<TlsWatch> watcher;
};

TEST_F(TlsWatchTest, ReadsFilesThatHaveChanged) {
  watch(1ms);
  authority.issue(settings.cert_file, settings.key_file);
  run_until(loop, [&] { return loaded == 1; });
  EXPECT_EQ(logger.entries.back().text, "Reloaded the TLS certificates");
}

TEST_F(TlsWatchTest, ReadsThemOnDemand) {
  watch(1h);
  watcher->reload();
  run_until(loop, [&] { return loaded == 1; });
}

// The way in which Kubernetes replaces the files of a secret.
TEST_F(TlsWatchTest, SeesALinkThatPointsElsewhere) {
  for (const char* version : {"1", "2"}) {
    std::filesystem::create_directory(directory / version);
    authority.issue(directory / version + "/tls.crt", directory / version + "/tls.key");
  }
  std::filesystem::create_symlink("1", directory / "current");
  settings.cert_file = directory / "current/tls.crt";
  settings.key_file = directory / "current/tls.key";
  watch(1ms);
  std::filesystem::create_symlink("2", directory / "next");
  std::filesystem::rename(directory / "next", directory / "current");
  run_until(loop, [&] { return loaded == 1; });
}

TEST_F(TlsWatchTest, KeepsWhatIsInUseWhenTheNewCannotBeRead) {
  watch(1ms);
  std::ofstream(settings.cert_file) << "broken";
  run_until(loop, [&] { return !logger.entries.empty(); });
  EXPECT_EQ(logger.entries[0].level, core::Level::kWarning);
  EXPECT_THAT(logger.entries[0].text, HasSubstr("Failed to reload the TLS certificates, those in use stay: "
                                                "tls-cert-file '" +
                                                settings.cert_file + "': "));
  loop.run_for(20ms);
  EXPECT_EQ(logger.entries.size(), 1U) << "says it again and again";
  EXPECT_EQ(loaded, 0);
  authority.issue(settings.cert_file, settings.key_file);
  run_until(loop, [&] { return loaded == 1; });
}

}  // namespace
}  // namespace vedette::net
