#include "conf/advice.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/conf_settings.h"

namespace vedette::conf {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::must_parse;

// "3: ..." for each piece of advice on this file, in which nothing else is risky.
std::vector<std::string> advice(const std::string& lines,
                                const std::string& monitor = "sentinel monitor m 10.0.0.1 6379 2") {
  std::vector<std::string> told;
  for (const Problem& problem : advise(must_parse("protected-mode yes\n" + monitor + "\n" + lines))) {
    told.push_back(fmt::format("{}: {}", problem.line_number, problem.reason));
  }
  return told;
}

std::string known_sentinels(int number, const std::string& host = "10.0.0.9") {
  std::string lines;
  for (int i = 0; i < number; ++i) {
    lines += fmt::format("sentinel known-sentinel m {} {} {:040}\n", host, 26379 + i, i + 1);
  }
  return lines;
}

TEST(Advice, NoneIsGivenWithoutNeed) {
  EXPECT_THAT(advice(""), IsEmpty());
  EXPECT_THAT(advice(known_sentinels(2)), IsEmpty());
}

TEST(Advice, OnTheNumberOfVoters) {
  EXPECT_THAT(advice(known_sentinels(3), "sentinel monitor m 10.0.0.1 6379 3"),
              ElementsAre("2: 4 sentinels vote on 'm': they survive no more failures than 3 would"));
}

TEST(Advice, OnTheQuorum) {
  EXPECT_THAT(advice("", "sentinel monitor m 10.0.0.1 6379 1"), ElementsAre(HasSubstr("2: with a quorum of 1")));
  EXPECT_THAT(advice(known_sentinels(4)), ElementsAre(HasSubstr("2: the quorum 2 is below the majority 3 of 5")));
  EXPECT_THAT(advice(known_sentinels(2), "sentinel monitor m 10.0.0.1 6379 4"),
              ElementsAre("2: 3 sentinels can never reach the quorum of 4"));
}

TEST(Advice, OnTimes) {
  EXPECT_THAT(advice("sentinel down-after-milliseconds m 500\n"), IsEmpty());
  EXPECT_THAT(advice("sentinel down-after-milliseconds m 499\n"),
              ElementsAre(HasSubstr("3: 'm' counts as down after 499")));
  EXPECT_THAT(advice("sentinel failover-timeout m 29999\n"), ElementsAre(HasSubstr("3: the failover-timeout of 'm'")));
}

TEST(Advice, OnParallelSyncs) {
  EXPECT_THAT(advice("sentinel parallel-syncs m 8\n"), IsEmpty());
  EXPECT_THAT(advice("sentinel parallel-syncs m 9\n"), ElementsAre(HasSubstr("3: 9 replicas of 'm'")));
  const std::string replicas = "sentinel known-replica m 10.0.0.2 1\nsentinel known-replica m 10.0.0.2 2\n";
  EXPECT_THAT(advice(replicas), IsEmpty());
  EXPECT_THAT(advice(replicas + "sentinel parallel-syncs m 2\n"), ElementsAre(HasSubstr("5: 2 replicas of 'm'")));
}

TEST(Advice, OnAccess) {
  EXPECT_THAT(advice("sentinel auth-user m alice\n"), ElementsAre(HasSubstr("3: the auth-user of 'm'")));
  EXPECT_THAT(advice("sentinel auth-user m alice\nsentinel auth-pass m x\n"), IsEmpty());
  EXPECT_THAT(advice("sentinel deny-scripts-reconfig no\n"), ElementsAre(HasSubstr("3: every client may")));
  EXPECT_THAT(advice("protected-mode no\n"), ElementsAre(HasSubstr("0: whoever reaches the port")));
  for (const char* guard : {"requirepass x", "user default off", "aclfile /x", "bind 127.0.0.1 ::1"}) {
    EXPECT_THAT(advice(fmt::format("protected-mode no\n{}\n", guard)), IsEmpty()) << guard;
  }
}

TEST(Advice, OnAddresses) {
  EXPECT_THAT(advice(known_sentinels(2), "sentinel monitor m 127.0.0.1 6379 2"),
              ElementsAre("2: 127.0.0.1 is another server for each of the other sentinels of 'm'"));
  EXPECT_THAT(advice(known_sentinels(2, "127.0.0.1"), "sentinel monitor m 127.0.0.1 6379 2"), IsEmpty());
  EXPECT_THAT(advice("sentinel monitor n 10.0.0.1 6379 2\n"), ElementsAre(HasSubstr("3: 'm' and 'n' are one server")));
  EXPECT_THAT(advice("sentinel announce-hostnames yes\n"), ElementsAre(HasSubstr("3: announcing host names needs")));
}

TEST(Advice, OnWhatHasNoEffect) {
  EXPECT_THAT(advice("", "port 1"), ElementsAre(HasSubstr("there is nothing to watch")));
  EXPECT_THAT(advice("save 900 1\n"), ElementsAre("0: save (line 3) concerns data servers only, and is ignored"));
}

}  // namespace
}  // namespace vedette::conf
