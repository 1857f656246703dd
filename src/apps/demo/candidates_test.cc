#include "apps/demo/candidates.h"

#include <gtest/gtest.h>

namespace vedette::demo {
namespace {

std::string explain(const std::vector<std::string_view>& sentences) {
  std::vector<Candidate> candidates;
  for (const std::string_view sentence : sentences) candidates.push_back(parse_candidate(sentence).value());
  return explain_choice(candidates);
}

TEST(Candidates, AreReadFromTheLog) {
  const auto chosen = parse_candidate("replica of mymaster: 127.0.0.1:7002 chosen: priority 100, offset 4711");
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->server, "7002");
  EXPECT_TRUE(chosen->chosen);
  EXPECT_EQ(chosen->priority, 100U);
  EXPECT_EQ(chosen->offset, 4711U);

  const auto rejected =
      parse_candidate("replica of mymaster: 127.0.0.1:7003 rejected: its priority is 0 (priority 0, offset 12)");
  ASSERT_TRUE(rejected);
  EXPECT_FALSE(rejected->chosen);
  EXPECT_EQ(rejected->rejection, "its priority is 0");
  EXPECT_EQ(rejected->offset, 12U);
}

TEST(Candidates, AreNotReadFromOtherSentences) {
  for (const std::string_view sentence : {
           "Sentinel ID is 3a7f",
           "replica of mymaster",
           "replica of mymaster: ",
           "replica of mymaster: 127.0.0.1:7002",
           "replica of mymaster: 127.0.0.1:7002 praised: priority 100, offset 4711",
           "replica of mymaster: 127.0.0.1:7002 chosen: priority 100",
           "replica of mymaster: 127.0.0.1:7002 chosen: priority high, offset 4711",
           "replica of mymaster: 127.0.0.1:7002 rejected: it is down",
       }) {
    EXPECT_FALSE(parse_candidate(sentence)) << sentence;
  }
}

TEST(Candidates, AreSetApartByWhatDecided) {
  EXPECT_EQ(explain({"replica of m: h:7002 chosen: priority 100, offset 4711",
                     "replica of m: h:7003 not chosen: priority 100, offset 4700"}),
            "11 bytes more of the data than 7003");
  EXPECT_EQ(explain({"replica of m: h:7002 not chosen: priority 100, offset 4711",
                     "replica of m: h:7003 chosen: priority 100, offset 4711"}),
            "as good as 7002, smaller run id");
  EXPECT_EQ(explain({"replica of m: h:7002 chosen: priority 10, offset 1",
                     "replica of m: h:7003 not chosen: priority 100, offset 4711"}),
            "its priority is better than that of 7003");
  EXPECT_EQ(explain({"replica of m: h:7002 chosen: priority 100, offset 4711",
                     "replica of m: h:7003 rejected: it is down (priority 100, offset 9000)"}),
            "it is the only one that is fit");
  EXPECT_EQ(explain({"replica of m: h:7002 chosen: priority 100, offset 1",
                     "replica of m: h:7003 not chosen: priority 100, offset 4711"}),
            "another leader has promoted it already");
}

TEST(Candidates, AreSetApartFromTheSecondBest) {
  EXPECT_EQ(explain({"replica of m: h:7002 not chosen: priority 100, offset 1",
                     "replica of m: h:7003 not chosen: priority 100, offset 4710",
                     "replica of m: h:7004 chosen: priority 100, offset 4711"}),
            "1 byte more of the data than 7003");
}

}  // namespace
}  // namespace vedette::demo
