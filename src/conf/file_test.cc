#include "conf/file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/support/conf_settings.h"
#include "tests/support/fixture.h"

namespace vedette::conf {
namespace {

using ::testing::ElementsAre;
using testing::in_any_order;
using testing::must_parse;

std::string describe(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    text += fmt::format("{}: {}\n   {}\n", problem.line_number, problem.line, problem.reason);
  }
  return text;
}

TEST(File, TellsEveryProblem) {
  testing::run_fixture("conf/problems.txt", [](const testing::Case& example) {
    auto result = File::parse(example.sections[0].text);
    const auto* problems = std::get_if<std::vector<Problem>>(&result);
    return problems ? describe(*problems) : std::string("no problem\n");
  });
}

TEST(File, WantsScriptsThatCanBeExecuted) {
  const auto result = File::parse(
      "sentinel monitor m 127.0.0.1 6379 2\nsentinel notification-script m /notify\n"
      "sentinel client-reconfig-script m /no\nSENTINEL NOTIFICATION-SCRIPT m /no\n",
      [](const std::string& path) { return path == "/notify"; });
  const std::vector<Problem> expected{
      {3, "sentinel client-reconfig-script m /no",
       "Client reconfiguration script seems non existing or non executable."},
      {4, "SENTINEL NOTIFICATION-SCRIPT m /no", "Notification script seems non existing or non executable."}};
  const auto* problems = std::get_if<std::vector<Problem>>(&result);
  ASSERT_NE(problems, nullptr);
  EXPECT_EQ(*problems, expected);
}

TEST(File, UnderstandsLines) {
  testing::run_fixture("conf/meaning.txt", [](const testing::Case& example) {
    return must_parse("").render(must_parse(example.sections[0].text).configuration().sentinel);
  });
}

TEST(File, WritesSettingsIntoTheUsersFile) {
  testing::run_fixture("conf/rewrite.txt", [](const testing::Case& example) {
    const SentinelSettings wanted = must_parse(example.sections[1].text).configuration().sentinel;
    const std::string written = must_parse(example.sections[0].text).render(wanted);
    const File again = must_parse(written);
    EXPECT_EQ(in_any_order(again.configuration().sentinel), in_any_order(wanted));
    EXPECT_EQ(again.render(wanted), written);
    return written;
  });
}

TEST(File, AnEmptyFileMeansTheDefaults) {
  const File file = must_parse("");
  EXPECT_EQ(file.configuration(), Configuration{});
  EXPECT_EQ(file.render({}), "");
}

TEST(File, ReadsWhatTheOriginalWrote) {
  for (const char* name : {"started", "set", "failed-over", "observer"}) {
    const std::string text = testing::read_fixture_file(fmt::format("conf/stock/{}.conf", name));
    const File file = must_parse(text);
    EXPECT_EQ(file.render(file.configuration().sentinel), text) << name;
  }
}

TEST(File, UnderstandsWhatTheOriginalWroteAfterAFailover) {
  const File file = must_parse(testing::read_fixture_file("conf/stock/failed-over.conf"));
  const SentinelSettings& sentinel = file.configuration().sentinel;
  ASSERT_EQ(sentinel.primaries.size(), 1U);
  const MonitoredPrimary& shop = sentinel.primaries[0];
  EXPECT_EQ(shop.config_epoch, Epoch{1});
  EXPECT_EQ(shop.leader_epoch, Epoch{1});
  EXPECT_EQ(shop.replicas.size(), 2U);
  EXPECT_EQ(shop.sentinels.size(), 2U);
  EXPECT_EQ(shop.reboot_down_after, 5000ms);
  EXPECT_EQ(shop.renamed_commands.at("DEBUG"), "guarded");
  EXPECT_EQ(sentinel.current_epoch, Epoch{1});
  EXPECT_TRUE(sentinel.my_id.known());
  EXPECT_EQ(sentinel.announce_ip, "127.0.0.1");
  EXPECT_TRUE(sentinel.resolve_hostnames);
  EXPECT_EQ(file.configuration().server.requirepass, "p w");
}

TEST(File, ListsWhatItDoesNotActUpon) {
  const File file =
      must_parse("SAVE 900 1\nport 7\ntls-port 0\nunixsocket s\n\nlatency-tracking-info-percentiles 50\n");
  EXPECT_THAT(file.ignored(), ElementsAre("save (line 1)", "latency-tracking-info-percentiles (line 6)"));
  EXPECT_THAT(file.not_yet_honoured(), IsEmpty());
}

// --- Line ends and odd bytes, which are awkward in a fixture ---------------------------------------------------------

MonitoredPrimary simple_primary() {
  MonitoredPrimary primary;
  primary.name = "m";
  primary.address = {"127.0.0.1", 6379};
  return primary;
}

TEST(File, KeepsWindowsLineEnds) {
  const std::string text = "# mine\r\nsentinel monitor m 127.0.0.1 6379 2\r\nsentinel auth-pass m old\r\n";
  const File file = must_parse(text);
  SentinelSettings wanted = file.configuration().sentinel;
  ASSERT_EQ(wanted.primaries, std::vector([] {
              MonitoredPrimary primary = simple_primary();
              primary.auth_pass = "old";
              return std::vector{primary};
            }()));
  EXPECT_EQ(file.render(wanted), text);
  wanted.primaries[0].auth_pass = "new";
  wanted.current_epoch = Epoch{3};
  EXPECT_EQ(file.render(wanted),
            "# mine\r\nsentinel monitor m 127.0.0.1 6379 2\r\nsentinel auth-pass m new\r\n\r\n"
            "# Generated by CONFIG REWRITE\r\nsentinel current-epoch 3\r\n");
}

TEST(File, TheLastLineMayLackItsEnd) {
  const File file = must_parse("port 7\nsentinel current-epoch 3");
  SentinelSettings wanted;
  wanted.current_epoch = Epoch{3};
  EXPECT_EQ(file.render(wanted), "port 7\nsentinel current-epoch 3");
  wanted.current_epoch = Epoch{4};
  EXPECT_EQ(file.render(wanted), "port 7\nsentinel current-epoch 4");
  wanted.announce_port = 5;
  EXPECT_EQ(file.render(wanted),
            "port 7\nsentinel current-epoch 4\n\n# Generated by CONFIG REWRITE\nsentinel announce-port 5\n");
}

TEST(File, ABlankLastLineSeparatesTheHeaderAlready) {
  SentinelSettings wanted;
  wanted.current_epoch = Epoch{1};
  const std::string_view generated = "# Generated by CONFIG REWRITE\nsentinel current-epoch 1\n";
  EXPECT_EQ(must_parse("port 7\n\n").render(wanted), fmt::format("port 7\n\n{}", generated));
  EXPECT_EQ(must_parse("port 7\n  ").render(wanted), fmt::format("port 7\n  \n{}", generated));
  EXPECT_EQ(must_parse("\n").render(wanted), fmt::format("\n{}", generated));
}

TEST(File, AWordMayEndInAVerticalTab) {
  const std::string text = "sentinel monitor m 127.0.0.1 6379 2\nsentinel auth-pass m secret\v \n";
  EXPECT_EQ(must_parse(text).configuration().sentinel.primaries[0].auth_pass, "secret\v");
}

TEST(File, RefusesNulBytesButInComments) {
  const std::string nul(1, '\0');
  EXPECT_EQ(must_parse("# a" + nul + "b\n").configuration(), Configuration{});
  const auto result = File::parse("port 7" + nul + "\n");
  ASSERT_TRUE(std::holds_alternative<std::vector<Problem>>(result));
  EXPECT_EQ(std::get<std::vector<Problem>>(result)[0].reason, "the line has a NUL byte in it");
}

}  // namespace
}  // namespace vedette::conf
