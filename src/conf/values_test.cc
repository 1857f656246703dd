#include "conf/values.h"

#include <gtest/gtest.h>

#include <limits>

namespace vedette::conf {
namespace {

TEST(ReadMemory, KnowsBothKindsOfUnits) {
  EXPECT_EQ(read_memory("0").value(), 0U);
  EXPECT_EQ(read_memory("1b").value(), 1U);
  EXPECT_EQ(read_memory("3k").value(), 3000U);
  EXPECT_EQ(read_memory("3KB").value(), 3072U);
  EXPECT_EQ(read_memory("2m").value(), 2'000'000U);
  EXPECT_EQ(read_memory("2Mb").value(), 2'097'152U);
  EXPECT_EQ(read_memory("1g").value(), 1'000'000'000U);
  EXPECT_EQ(read_memory("1gb").value(), 1'073'741'824U);
}

TEST(ReadMemory, RefusesWhatDoesNotFitOrIsNone) {
  EXPECT_EQ(read_memory("18446744073709551615").value(), std::numeric_limits<std::uint64_t>::max());
  for (const char* bad : {"", "mb", "-1", "1.5mb", "1tb", "1 mb", "18446744073709551616", "17179869184gb"}) {
    EXPECT_FALSE(read_memory(bad).ok()) << bad;
  }
}

TEST(ReadPrimaryName, EndsAtKMaxNameBytes) {
  EXPECT_TRUE(read_primary_name(std::string(kMaxNameBytes, 'm')).ok());
  EXPECT_EQ(read_primary_name(std::string(kMaxNameBytes + 1, 'm')).error().message,
            "a value of 256 bytes is too long: at most 255 are allowed");
}

TEST(ReadPrimaryName, RefusesEveryControlCharacter) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string name{'a', static_cast<char>(byte), 'b'};
    const bool refused = byte <= ' ' || byte == 0x7f || byte == ',' || byte == '"' || byte == '\'';
    EXPECT_EQ(read_primary_name(name).ok(), !refused) << byte;
  }
}

TEST(ReadText, RefusesEveryControlCharacter) {
  for (int byte = 0; byte < 256; ++byte) {
    EXPECT_EQ(read_text(std::string(1, static_cast<char>(byte))).ok(), byte >= ' ' && byte != 0x7f) << byte;
  }
}

TEST(ReadSecret, TakesAnyByte) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string secret(1, static_cast<char>(byte));
    EXPECT_EQ(read_secret(secret).value(), secret);
  }
}

TEST(ReadHost, TakesNamesOnlyWhereTheyAreAllowed) {
  EXPECT_EQ(read_host("0:0::1", false).value(), "::1");
  EXPECT_FALSE(read_host("db.example", false).ok());
  EXPECT_EQ(read_host("db.example", true).value(), "db.example");
  EXPECT_EQ(read_host("redis_1", true).value(), "redis_1");
  EXPECT_FALSE(read_host("db\n", true).ok());
}

TEST(Shown, IsShortAndPrintable) {
  EXPECT_EQ(shown("a\nb\x1b[31m"), R"('a\nb\x1b[31m')");
  EXPECT_EQ(shown(std::string(65, 'a')), "'" + std::string(64, 'a') + "...'");
}

}  // namespace
}  // namespace vedette::conf
