#include "conf/suggestion.h"

#include <gtest/gtest.h>

#include <array>

namespace vedette::conf {
namespace {

TEST(EditDistance, CountsSlips) {
  EXPECT_EQ(edit_distance("", "", 9), 0U);
  EXPECT_EQ(edit_distance("", "abc", 9), 3U);
  EXPECT_EQ(edit_distance("port", "port", 9), 0U);
  EXPECT_EQ(edit_distance("port", "ports", 9), 1U);
  EXPECT_EQ(edit_distance("port", "pot", 9), 1U);
  EXPECT_EQ(edit_distance("port", "pert", 9), 1U);
  EXPECT_EQ(edit_distance("port", "prot", 9), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting", 9), 3U);
  EXPECT_EQ(edit_distance("abcdef", "badcfe", 9), 3U);
}

TEST(EditDistance, StopsAtTheLimit) {
  EXPECT_EQ(edit_distance("kitten", "sitting", 4), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting", 3), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting", 2), 2U);
  EXPECT_EQ(edit_distance("abcdef", "badcfe", 3), 3U);
  EXPECT_EQ(edit_distance("port", "prot", 1), 1U);
}

TEST(EditDistance, LongWordsAreNotCompared) {
  const std::string longest(kMaxComparedBytes, 'x');
  EXPECT_EQ(edit_distance(longest, longest, 9), 0U);
  EXPECT_EQ(edit_distance(longest, longest + 'x', 9), 9U);
  EXPECT_EQ(edit_distance(longest + 'x', longest, 9), 9U);
}

TEST(DidYouMean, NamesTheNearest) {
  constexpr std::array<std::string_view, 3> kNames{"port", "pidfile", "ports"};
  EXPECT_EQ(did_you_mean("prot", kNames), "; did you mean 'port'?");
  EXPECT_EQ(did_you_mean("pidfiel", kNames, "my "), "; did you mean 'my pidfile'?");
  EXPECT_EQ(did_you_mean("unrelated", kNames), "");
  EXPECT_EQ(did_you_mean("", kNames), "");
  EXPECT_EQ(did_you_mean(std::string(65, 'p'), kNames), "");
}

}  // namespace
}  // namespace vedette::conf
