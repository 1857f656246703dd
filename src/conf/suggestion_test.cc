#include "conf/suggestion.h"

#include <gtest/gtest.h>

#include <array>

namespace vedette::conf {
namespace {

TEST(EditDistance, CountsSlips) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("port", "port"), 0U);
  EXPECT_EQ(edit_distance("port", "ports"), 1U);
  EXPECT_EQ(edit_distance("port", "pot"), 1U);
  EXPECT_EQ(edit_distance("port", "pert"), 1U);
  EXPECT_EQ(edit_distance("port", "prot"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
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
