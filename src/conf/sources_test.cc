// Configurations of several parts: included files, and what is read after the file.
#include "conf/sources.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "conf/file.h"

namespace vedette::conf {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Files in memory; `*` are all of them.
class SourcesTest : public ::testing::Test {
 protected:
  std::variant<File, std::vector<Problem>> read(std::string text) {
    Sources sources{.file = {"/main", std::move(text)},
                    .appended = {},
                    .include = [this](const std::string& pattern, const std::string& directory) {
                      return files_like(directory + pattern);
                    }};
    if (!command_line.empty()) sources.appended.push_back({"command line", command_line});
    return File::parse(sources);
  }

  File must_read(std::string text) {
    auto result = read(std::move(text));
    if (const auto* problems = std::get_if<std::vector<Problem>>(&result)) {
      ADD_FAILURE() << problems->front().line << ": " << problems->front().reason;
      return std::get<File>(File::parse(""));
    }
    return std::get<File>(std::move(result));
  }

  std::vector<Problem> problems(std::string text) {
    auto result = read(std::move(text));
    const auto* found = std::get_if<std::vector<Problem>>(&result);
    return found == nullptr ? std::vector<Problem>{} : *found;
  }

  Result<std::vector<Source>> files_like(const std::string& pattern) const {
    std::vector<Source> found;
    for (const auto& [name, text] : files) {
      if (pattern == "*" || name == pattern) found.push_back({name, text});
    }
    if (found.empty() && pattern != "*") return Error{"can't open config file '" + pattern + "'"};
    return found;
  }

  std::map<std::string, std::string> files;
  std::string command_line;
};

constexpr std::string_view kMonitor = "sentinel monitor m 127.0.0.1 6379 2\n";

TEST_F(SourcesTest, TheLastLineCountsWhereverItIs) {
  files["/a"] = "port 2\n";
  EXPECT_EQ(must_read("port 1\ninclude /a\n").configuration().server.port, 2);
  EXPECT_EQ(must_read("include /a\nport 1\n").configuration().server.port, 1);
  command_line = "port 3\n";
  EXPECT_EQ(must_read("port 1\ninclude /a\n").configuration().server.port, 3);
}

TEST_F(SourcesTest, APatternMayFitSeveralFilesOrNone) {
  EXPECT_EQ(must_read("port 1\ninclude *\n").configuration().server.port, 1);
  files = {{"/a", "port 2\ntimeout 2\n"}, {"/b", "port 3\n"}};
  const ServerSettings server = must_read("include *\n").configuration().server;
  EXPECT_EQ(server.port, 3);
  EXPECT_EQ(server.client_timeout, 2s);
}

TEST_F(SourcesTest, ARelativePathIsMeantToTheDirAbove) {
  files = {{"a", "port 1\n"}, {"/x/a", "port 2\n"}};
  EXPECT_EQ(must_read("include a\ndir /x/\n").configuration().server.port, 1);
  EXPECT_EQ(must_read("dir /x/\ninclude a\n").configuration().server.port, 2);
}

TEST_F(SourcesTest, ProblemsNameTheirSource) {
  files["/a"] = "# fine\nport x\n";
  command_line = "prot 1\n";
  EXPECT_THAT(problems("timeout x\ninclude /a\ninclude /none\n"),
              ElementsAre(Problem{1, "timeout x", "'x' must be a number from 0 to 2147483647"},
                          Problem{3, "include /none", "can't open config file '/none'"},
                          Problem{2, "port x", "'x' must be a number from 0 to 65535", "/a"},
                          Problem{1, "prot 1", "unknown directive 'prot'; did you mean 'port'?", "command line"}));
}

TEST_F(SourcesTest, AFileThatIncludesItselfIsRefused) {
  files = {{"/a", "include /b\n"}, {"/b", "\ninclude /a\n"}};
  EXPECT_THAT(problems("include /a\n"), ElementsAre(Problem{2, "include /a", "'/a' includes itself", "/b"}));
  files = {{"/main", "include /main\n"}};
  EXPECT_THAT(problems("include /main\n"), ElementsAre(Problem{1, "include /main", "'/main' includes itself"}));
}

TEST_F(SourcesTest, InclusionEndsAtKMaxIncludeDepth) {
  const auto chain = [this](std::size_t depth) {
    files.clear();
    for (std::size_t i = 1; i < depth; ++i) files[fmt::format("/{}", i)] = fmt::format("include /{}\n", i + 1);
    files[fmt::format("/{}", depth)] = "port 7\n";
    return problems("include /1\n");
  };
  EXPECT_THAT(chain(File::kMaxIncludeDepth), IsEmpty());
  const auto refused = chain(File::kMaxIncludeDepth + 1);
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].reason, "more than 16 files include each other");
}

TEST_F(SourcesTest, FilesEndAtKMaxIncludedFiles) {
  for (std::size_t i = 0; i < File::kMaxIncludedFiles; ++i) files[fmt::format("/{}", i)] = "";
  EXPECT_THAT(problems("include *\n"), IsEmpty());
  files["/x"] = "";
  const auto refused = problems("include *\n");
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].reason, "more than 1024 files are included");
}

TEST_F(SourcesTest, AllTextTogetherEndsAtKMaxBytes) {
  files["/a"] = std::string(File::kMaxBytes - 20, '#');
  EXPECT_THAT(problems("include /a\n"), IsEmpty());
  const auto refused = problems("# a comment\ninclude /a\n");
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].reason, "the file is larger than 67108864 bytes");
}

// What is monitored in an included file moves, and its new address is written into the file: at the next start there
// are two lines with one name. (redis#1980)
TEST_F(SourcesTest, TheAddressOfAnIncludedPrimaryIsThatOfTheFile) {
  files["/a"] = kMonitor;
  SentinelSettings wanted = must_read("include /a\n").configuration().sentinel;
  wanted.primaries[0].address.port = 6380;
  const std::string written = must_read("include /a\n").render(wanted);
  EXPECT_EQ(written, "include /a\n\n# Generated by CONFIG REWRITE\nsentinel monitor m 127.0.0.1 6380 2\n");
  const File again = must_read(written);
  EXPECT_EQ(again.configuration().sentinel, wanted);
  EXPECT_EQ(again.render(wanted), written);
  EXPECT_THAT(again.notes(), ElementsAre(HasSubstr("'m' is monitored at 127.0.0.1:6380 with a quorum of 2")));
}

TEST_F(SourcesTest, TwoIncludedPrimariesOfOneNameAreAMistake) {
  files = {{"/a", std::string(kMonitor)}, {"/b", std::string(kMonitor)}};
  const auto refused = problems("include *\n");
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].reason, "the primary 'm' is given twice: line 1 has it already");
}

TEST_F(SourcesTest, WhatIsKnownMayBeSaidInBoth) {
  files["/a"] = std::string(kMonitor) + "sentinel known-replica m 127.0.0.1 6380\n";
  const File file = must_read("include /a\nsentinel known-replica m 127.0.0.1 6380\n");
  EXPECT_EQ(file.configuration().sentinel.primaries[0].replicas.size(), 1U);
}

TEST_F(SourcesTest, WhatAnIncludedFileSaysIsNotRepeated) {
  files["/a"] = std::string(kMonitor) + "sentinel down-after-milliseconds m 5000\n";
  const std::string text = "include /a\n";
  const File file = must_read(text);
  EXPECT_EQ(file.render(file.configuration().sentinel), text);
}

TEST_F(SourcesTest, ASettingOfAnIncludedFileIsOverruledBelowIt) {
  files["/a"] = std::string(kMonitor) + "sentinel down-after-milliseconds m 5000\n";
  const std::string text = "sentinel down-after-milliseconds m 3000\ninclude /a\n";
  for (const Millis period : {7000ms, 30000ms}) {  // the latter is the default
    SentinelSettings wanted = must_read(text).configuration().sentinel;
    EXPECT_EQ(wanted.primaries[0].down_after, 5000ms);
    wanted.primaries[0].down_after = period;
    const std::string written = must_read(text).render(wanted);
    EXPECT_THAT(written, ::testing::StartsWith(text));
    EXPECT_EQ(must_read(written).configuration().sentinel, wanted);
    EXPECT_EQ(must_read(written).render(wanted), written);
  }
}

TEST_F(SourcesTest, APrimaryOfTheCommandLineIsWrittenIntoTheFile) {
  command_line = std::string(kMonitor);
  const File file = must_read("port 1\n");
  const std::string written = file.render(file.configuration().sentinel);
  EXPECT_THAT(written, HasSubstr(kMonitor));
  SentinelSettings moved = file.configuration().sentinel;
  moved.primaries[0].address.port = 6380;
  EXPECT_EQ(must_read(file.render(moved)).configuration().sentinel, moved);
}

TEST_F(SourcesTest, ASettingOfTheCommandLineLeavesTheLineOfTheFileAlone) {
  command_line = "sentinel down-after-milliseconds m 5000\n";
  const std::string text = std::string(kMonitor) + "sentinel down-after-milliseconds m 3000\n";
  const File file = must_read(text);
  EXPECT_EQ(file.configuration().sentinel.primaries[0].down_after, 5000ms);
  EXPECT_EQ(file.render(file.configuration().sentinel), text);
}

TEST_F(SourcesTest, IgnoredLinesSayWhereTheyAre) {
  files["/a"] = "save 900 1\n";
  EXPECT_THAT(must_read("save 1 1\ninclude /a\n").ignored(), ElementsAre("save (line 1)", "save (/a, line 1)"));
}

TEST(Sources, NothingIsIncludedWhereThereAreNoFiles) {
  const auto result = File::parse("include /a\n");
  ASSERT_TRUE(std::holds_alternative<std::vector<Problem>>(result));
  EXPECT_EQ(std::get<std::vector<Problem>>(result)[0].reason, "nothing can be included here");
}

}  // namespace
}  // namespace vedette::conf
