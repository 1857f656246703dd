#include "apps/sentinel_arguments.h"

#include <gtest/gtest.h>

#include <vector>

namespace vedette::apps {
namespace {

net::Invocation read(std::vector<std::string> words) {
  words.insert(words.begin(), "vedette");
  return read_sentinel_arguments(words);
}

TEST(SentinelArguments, FileAndDirectives) {
  const auto invocation =
      read({"s.conf", "--port", "26380", "--sentinel", "monitor", "mymaster", "127.0.0.1", "6379", "2"});
  EXPECT_EQ(invocation.program, "vedette");
  EXPECT_EQ(invocation.config_file, "s.conf");
  EXPECT_FALSE(invocation.reads_standard_input);
  EXPECT_EQ(invocation.directives, "port \"26380\"\nsentinel \"monitor\" \"mymaster\" \"127.0.0.1\" \"6379\" \"2\"\n");
}

TEST(SentinelArguments, AFileAloneOrNothing) {
  EXPECT_EQ(read({"s.conf"}).config_file, "s.conf");
  EXPECT_EQ(read({"s.conf"}).directives, "");
  EXPECT_EQ(read({}).config_file, "");
  EXPECT_EQ(read({"--port", "1"}).config_file, "");
}

TEST(SentinelArguments, WordsStayWordsWhateverIsInThem) {
  EXPECT_EQ(read({"s.conf", "--requirepass", "a b\nport 1"}).directives, "requirepass \"a b\\nport 1\"\n");
}

TEST(SentinelArguments, ADirectiveMayBeOneWordWithItsArguments) {
  EXPECT_EQ(read({"s.conf", "--port 26380"}).directives, "port 26380\n");
}

TEST(SentinelArguments, TheFirstDirectiveNeedsNoDashes) {
  EXPECT_EQ(read({"s.conf", "port", "26380", "--loglevel", "debug"}).directives,
            "port \"26380\"\nloglevel \"debug\"\n");
}

TEST(SentinelArguments, AFirstValueMayLookLikeADirective) {
  EXPECT_EQ(read({"s.conf", "--requirepass", "--foo"}).directives, "requirepass \"--foo\"\n");
  EXPECT_EQ(read({"s.conf", "--requirepass", "--port", "1"}).directives, "requirepass \"--port\" \"1\"\n");
  EXPECT_EQ(read({"s.conf", "--sentinel", "monitor", "--foo", "1"}).directives, "sentinel \"monitor\"\nfoo \"1\"\n");
}

TEST(SentinelArguments, SentinelAloneSaysWhatWeAre) {
  EXPECT_EQ(read({"s.conf", "--sentinel"}).directives, "");
  EXPECT_EQ(read({"s.conf", "--sentinel", "--port", "26380"}).directives, "port \"26380\"\n");
  EXPECT_EQ(read({"s.conf", "--save", "--port", "26380"}).directives, "port \"26380\"\n");
}

TEST(SentinelArguments, ADirectiveWithoutArgumentsIsLeftForThoseWhoReadIt) {
  EXPECT_EQ(read({"s.conf", "--port"}).directives, "port\n");
}

TEST(SentinelArguments, AHyphenIsTheStandardInput) {
  EXPECT_TRUE(read({"-"}).reads_standard_input);
  EXPECT_TRUE(read({"s.conf", "-"}).reads_standard_input);
  const auto last = read({"s.conf", "--loglevel", "debug", "-"});
  EXPECT_TRUE(last.reads_standard_input);
  EXPECT_EQ(last.directives, "loglevel \"debug\"\n");
  EXPECT_FALSE(read({"s.conf", "--requirepass", "-", "--port", "1"}).reads_standard_input);
}

}  // namespace
}  // namespace vedette::apps
