#include "net/includes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "net/test_world.h"

namespace vedette::net {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class IncludesTest : public testing::Test {
 protected:
  void write(const std::string& name) const { std::ofstream(directory / name) << "# " << name << "\n"; }

  std::vector<std::string> texts(const std::string& pattern, const std::string& from) const {
    const auto sources = read_included(pattern, from).value();
    std::vector<std::string> all;
    for (const conf::Source& source : sources) all.push_back(source.text);
    return all;
  }

  TemporaryDirectory directory;
};

TEST_F(IncludesTest, AreGivenInTheOrderOfTheirNames) {
  for (const char* name : {"b.conf", "a.conf", "c.other"}) write(name);
  EXPECT_THAT(texts(directory / "*.conf", ""), ElementsAre("# a.conf\n", "# b.conf\n"));
}

TEST_F(IncludesTest, ARelativePathStartsAtTheDirectory) {
  write("a.conf");
  EXPECT_THAT(texts("a.conf", directory.path()), ElementsAre("# a.conf\n"));
  EXPECT_THAT(texts(directory / "a.conf", "/elsewhere"), ElementsAre("# a.conf\n"));
}

TEST_F(IncludesTest, AreNamedAlikeHoweverTheyAreReached) {
  write("a.conf");
  std::filesystem::create_symlink("a.conf", directory / "link.conf");
  const auto direct = read_included(directory / "a.conf", "");
  const auto around = read_included(directory / "./link.conf", "");
  EXPECT_EQ((*direct)[0].name, (*around)[0].name);
}

TEST_F(IncludesTest, OnlyAPatternMayFitNothing) {
  EXPECT_THAT(texts(directory / "*.conf", ""), testing::IsEmpty());
  EXPECT_THAT(read_included(directory / "a.conf", "").error().message, HasSubstr("a.conf': No such file or directory"));
}

}  // namespace
}  // namespace vedette::net
