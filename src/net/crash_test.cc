// What was told to be saved is there after kill -9, whenever that comes: a process appends, replaces and tells of each
// success through a pipe, is killed at a random moment, and what it has left is read.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "base/rng.h"
#include "conf/file.h"
#include "net/descriptor.h"
#include "net/file_store.h"
#include "net/files.h"
#include "net/test_world.h"

namespace vedette::net {
namespace {

constexpr int kDeaths = 500;

using Answer = std::uint64_t;

conf::MonitoredPrimary primary_at(Answer epoch) {
  conf::MonitoredPrimary primary;
  primary.name = "m";
  primary.address = {"127.0.0.1", 6379};
  primary.leader_epoch = Epoch{epoch};
  return primary;
}

std::string state_text(Answer epoch, const std::string& padding) {
  conf::SentinelSettings settings;
  settings.primaries = {primary_at(epoch)};
  return std::get<conf::File>(conf::File::parse(padding)).render(settings);
}

// A sentinel that does nothing but promise, one epoch after the other.
class Promiser {
 public:
  Promiser(std::string path, conf::Journal journal, Answer last, std::string padding, int tell)
      : store_(loop_, std::move(path), std::move(journal),
               {.on_appended = [this](const Status& result) { appended(result); },
                .on_replaced = [this](const Status&) { is_replacing_ = false; }}),
        last_(last),
        given_(last),
        padding_(std::move(padding)),
        tell_(tell) {}

  [[noreturn]] void run() {
    replace();  // what the journal of an earlier life says comes first
    while (is_replacing_) loop_.run_one();
    append();
    while (true) {
      loop_.run_one();
      if (!is_replacing_ && last_ % 3 == 0) replace();
    }
  }

 private:
  void append() {
    given_ = last_ + 1;
    store_.append(conf::journal_record({Epoch{given_}, {primary_at(given_)}, {}}));
  }
  void appended(const Status& result) {
    if (result) {
      ++last_;
      if (write(tell_, &last_, sizeof last_) != sizeof last_) std::abort();
    }
    append();
  }
  // The text has what is being appended as well, which may be in the journal before it.
  void replace() {
    is_replacing_ = true;
    store_.replace([text = state_text(given_, padding_)] { return text; });
  }

  asio::io_context loop_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{loop_.get_executor()};
  FileStore store_;
  Answer last_;   // that was told
  Answer given_;  // to the disk
  const std::string padding_;
  const int tell_;
  bool is_replacing_ = false;
};

class Killed : public ::testing::Test {
 protected:
  struct Left {
    conf::Journal journal;
    Answer epoch;
  };
  // As a start reads it.
  Left read() {
    const std::string text = read_file(path, conf::File::kMaxBytes).value();
    std::string journal;
    if (std::filesystem::exists(journal_of(path)))
      journal = read_file(journal_of(path), conf::kMaxJournalBytes).value();
    const auto file = std::get<conf::File>(std::get<conf::File>(conf::File::parse(text)).with_journal(text, journal));
    EXPECT_TRUE(file.notes().empty() || !journal.empty());
    return {conf::Journal(text, !journal.empty()),
            to_number(file.configuration().sentinel.primaries.at(0).leader_epoch)};
  }

  // The last epoch that it told of.
  Answer live_for(std::chrono::microseconds time, const Left& left, const std::string& padding) {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    const Descriptor reader(ends[0]);
    Descriptor writer(ends[1]);
    const pid_t child = fork();
    if (child == 0) {
      if (limit != 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit little{limit, limit};
        setrlimit(RLIMIT_FSIZE, &little);
      }
      Promiser(path, left.journal, left.epoch, padding, writer.get()).run();
    }
    writer = Descriptor();
    Answer told = 0;
    if (::read(reader.get(), &told, sizeof told) <= 0) ADD_FAILURE() << "it did not promise anything";
    std::this_thread::sleep_for(time);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    Answer last = told;
    while (::read(reader.get(), &told, sizeof told) == sizeof told) last = told;
    return last;
  }

  void die_often(int deaths, const std::string& padding) {
    ASSERT_TRUE(replace_file(path, state_text(0, padding)));
    SplitMix64 rng(7);
    for (int death = 0; death < deaths; ++death) {
      const Left before = read();
      const Answer told = live_for(std::chrono::microseconds(rng.below(3'000)), before, padding);
      const Left after = read();
      ASSERT_GE(after.epoch, told) << "death " << death;
      ASSERT_LE(after.epoch, told + 1) << "death " << death;
    }
  }

  TemporaryDirectory directory;
  std::string path = directory / "sentinel.conf";
  rlim_t limit = 0;  // of the size of any file; 0: none
};

TEST_F(Killed, AtAnyMomentKeepsItsPromises) { die_often(kDeaths, ""); }

// Replacing takes long, so that much happens meanwhile.
TEST_F(Killed, WhileALargeFileIsWrittenKeepsItsPromises) {
  die_often(kDeaths / 20, "#" + std::string(2U << 20, 'x') + "\n");
}

// Records fail in the middle until the journal has been emptied.
TEST_F(Killed, WithALittleDiskKeepsItsPromises) {
  limit = 700;
  die_often(kDeaths / 5, "");
}

}  // namespace
}  // namespace vedette::net
