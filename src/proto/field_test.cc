#include "proto/field.h"

#include <gtest/gtest.h>

namespace vedette::proto {
namespace {

TEST(IsName, TakesWhatFitsIntoAFieldAndALineOfWords) {
  EXPECT_TRUE(is_name("my-master_1.x"));
  EXPECT_TRUE(is_name("größe"));
  for (const char* name : {"", "a b", "a,b", "a\n", "a\x7f", "\t"}) EXPECT_FALSE(is_name(name)) << name;
  EXPECT_FALSE(is_name(std::string_view("a\0b", 3)));
}

TEST(IsName, HasALimit) {
  EXPECT_TRUE(is_name(std::string(kMaxNameBytes, 'x')));
  EXPECT_FALSE(is_name(std::string(kMaxNameBytes + 1, 'x')));
}

TEST(ParseHost, GivesAddressesTheirOneSpellingAndLeavesNamesAlone) {
  EXPECT_EQ(parse_host("10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(parse_host("2001:DB8:0:0::1"), "2001:db8::1");
  EXPECT_EQ(parse_host("redis-0.redis.svc"), "redis-0.redis.svc");
  for (const char* host : {"", " ", "10.0.0.1 ", "a b", "10.0.0.256", "[::1]", "a,b", "-"}) {
    EXPECT_EQ(parse_host(host), std::nullopt) << host;
  }
}

TEST(ParsePort, IsBetweenOneAnd65535) {
  EXPECT_EQ(parse_port("1"), 1);
  EXPECT_EQ(parse_port("65535"), 65535);
  for (const char* port : {"", "0", "65536", "-1", "1x", " 1"}) EXPECT_EQ(parse_port(port), std::nullopt) << port;
}

TEST(ParseEpoch, LeavesRoomForTheNext) {
  EXPECT_EQ(parse_epoch("0"), Epoch{0});
  EXPECT_EQ(parse_epoch("4611686018427387904"), kMaxEpoch);
  for (const char* epoch : {"", "-1", "4611686018427387905", "18446744073709551615", "18446744073709551616", "1.5"}) {
    EXPECT_EQ(parse_epoch(epoch), std::nullopt) << epoch;
  }
}

}  // namespace
}  // namespace vedette::proto
