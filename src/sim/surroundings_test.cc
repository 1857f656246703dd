// What a simulated process has around it besides the network: a disk, a name server, scripts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sim/disk.h"
#include "sim/name_server.h"
#include "sim/scripts.h"

namespace vedette::sim {
namespace {

class Bystander final : public Process {
 public:
  explicit Bystander(EventQueue& queue) : Process(queue, "somebody", "10.0.0.1") { set_alive(true); }
  void on_accepted(ConnectionId, const Address&, const Address&) override {}
  void on_connected(ConnectionId, const Address&) override {}
  void on_received(ConnectionId, std::string_view) override {}
  void on_closed(ConnectionId, core::LinkFault) override {}
  void die() { set_alive(false); }
};

class Surroundings : public ::testing::Test {
 protected:
  void pass(Micros duration) {
    const Instant until = queue.now() + duration;
    while (queue.run_next(until)) {
    }
  }

  EventQueue queue;
  Bystander owner{queue};
};

TEST_F(Surroundings, ADiskKeepsTheOldTextUntilItIsReplaced) {
  Disk disk("old", SplitMix64(1));
  bool replaced = false;
  disk.replace(owner, "new", [&](const Status& result) { replaced = bool(result); });
  EXPECT_EQ(disk.text(), "old");
  pass(Disk::kLongestWrite);
  EXPECT_TRUE(replaced);
  EXPECT_EQ(disk.text(), "new");
}

TEST_F(Surroundings, ADiskKeepsWhatIsAppendedUntilATextHasIt) {
  Disk disk("old", SplitMix64(1));
  disk.append(owner, "record", [](const Status& result) { EXPECT_TRUE(result); });
  pass(Disk::kLongestWrite);
  EXPECT_THAT(disk.journal(), ::testing::EndsWith("record"));
  disk.replace(owner, "new", [](const Status& result) { EXPECT_TRUE(result); });
  pass(Disk::kLongestWrite);
  EXPECT_EQ(disk.journal(), "");
}

TEST_F(Surroundings, AFullDiskSaysSo) {
  Disk disk("old", SplitMix64(1));
  disk.set_health(DiskHealth::kFull);
  std::vector<std::string> told;
  const auto tell = [&](const Status& result) { told.push_back(result ? "done" : result.error().message); };
  disk.replace(owner, "new", tell);
  disk.append(owner, "record", tell);
  pass(Disk::kLongestWrite);
  EXPECT_EQ(told, std::vector<std::string>(2, "No space left on device"));
  EXPECT_EQ(disk.text(), "old");
  EXPECT_EQ(disk.journal(), "");
}

TEST_F(Surroundings, ACrashLeavesTheOldTextOrTheNewOne) {
  bool seen[2] = {false, false};
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Disk disk("old", SplitMix64(seed));
    disk.replace(owner, "new", [](const Status&) {});
    disk.crash();
    seen[disk.text() == "new" ? 1 : 0] = true;
  }
  EXPECT_TRUE(seen[0] && seen[1]);
}

TEST_F(Surroundings, ACrashLeavesAnyPartOfARecord) {
  std::set<std::size_t> sizes;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Disk disk("old", SplitMix64(seed));
    disk.append(owner, "record", [](const Status&) {});
    disk.crash();
    sizes.insert(disk.journal().size());
    EXPECT_EQ(disk.records() == disk.journal(), disk.journal().empty() || disk.journal().ends_with("record"));
  }
  EXPECT_EQ(sizes.count(0), 1U);
  EXPECT_EQ(sizes.size(), *sizes.rbegin() + 1);
}

TEST_F(Surroundings, NamesLeadToWhatTheyDoWhenTheAnswerComes) {
  NameServer names(SplitMix64(1));
  std::vector<std::string> told;
  const auto note = [&](const Result<std::vector<std::string>>& ips) {
    told.push_back(!ips ? ips.error().message : ips->empty() ? "none" : ips->front());
  };
  names.set("redis-1", {"10.0.0.2"});
  names.look_up(owner, "redis-1", note);
  names.set("redis-1", {"10.0.0.3"});
  pass(NameServer::kLongestLookup);
  names.look_up(owner, "redis-2", note);
  pass(NameServer::kLongestLookup);
  names.set_health(NameServerHealth::kDead);
  names.look_up(owner, "redis-1", note);
  pass(NameServer::kTimeout - Micros{1});
  EXPECT_EQ(told, (std::vector<std::string>{"10.0.0.3", "none"}));
  pass(Micros{1});
  EXPECT_EQ(told.back(), "Timeout while contacting DNS servers");
}

TEST_F(Surroundings, ScriptsEndWellBadlyOrWhenTheyAreKilled) {
  std::vector<std::string> told;
  Scripts scripts(
      owner, SplitMix64(1), [&](node::ScriptRun, std::int64_t) { told.emplace_back("started"); },
      [&](node::ScriptRun, const node::ScriptEnd& end) {
        told.push_back("ended " + std::to_string(end.status) + " " + std::to_string(end.signal));
      });
  scripts.start({{"/bin/script"}, {}});
  pass(Scripts::kLongestRun);
  scripts.set_health(ScriptHealth::kFailing);
  scripts.start({{"/bin/script"}, {}});
  pass(Scripts::kLongestRun);
  scripts.set_health(ScriptHealth::kHanging);
  const node::ScriptRun run = scripts.start({{"/bin/script"}, {}});
  pass(10 * Scripts::kLongestRun);
  EXPECT_EQ(told, (std::vector<std::string>{"started", "ended 0 0", "started", "ended 1 0", "started"}));
  scripts.kill(run);
  pass(Micros{1});
  EXPECT_EQ(told.back(), "ended 0 9");
}

}  // namespace
}  // namespace vedette::sim
