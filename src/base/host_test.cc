#include "base/host.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "base/rng.h"

namespace vedette {
namespace {

TEST(Host, KnowsIpv4Literals) {
  for (const char* good : {"127.0.0.1", "0.0.0.0", "255.255.255.255", "10.20.30.40"}) {
    EXPECT_TRUE(is_ip_literal(good)) << good;
  }
  for (const char* bad :
       {"", "127.0.0", "127.0.0.1.2", "256.0.0.1", "127.0.0.01", "127.0.0.1 ", "1.2.3.", "-1.0.0.0"}) {
    EXPECT_FALSE(is_ip_literal(bad)) << bad;
  }
}

TEST(Host, KnowsIpv6Literals) {
  for (const char* good : {"::", "::1", "1::", "fe80::1%eth0", "2001:db8::8:800:200c:417a", "1:2:3:4:5:6:7:8",
                           "::ffff:10.0.0.1", "1:2:3:4:5:6:10.0.0.1", "1:2:3:4:5:6:7::", "ABCD::ef01"}) {
    EXPECT_TRUE(is_ip_literal(good)) << good;
  }
  for (const char* bad :
       {":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "1:2:3:4:5:6:7:8::", "12345::", "g::1", "fe80::1%",
        "[::1]", "10.0.0.1::", "::10.0.0.1:1", "1:2:3:4:5:6:7:10.0.0.1", "::1%a b"}) {
    EXPECT_FALSE(is_ip_literal(bad)) << bad;
  }
}

TEST(CanonicalIp, GivesIpv6OneSpelling) {
  EXPECT_EQ(canonical_ip("0:0:0:0:0:0:0:1"), "::1");
  EXPECT_EQ(canonical_ip("2001:0DB8::0001"), "2001:db8::1");
  EXPECT_EQ(canonical_ip("::"), "::");
  EXPECT_EQ(canonical_ip("1::"), "1::");
  EXPECT_EQ(canonical_ip("1:0:0:2:0:0:0:3"), "1:0:0:2::3");
  EXPECT_EQ(canonical_ip("1:0:0:2:3:0:0:4"), "1::2:3:0:0:4");
  EXPECT_EQ(canonical_ip("1:2:3:4:5:6:0:8"), "1:2:3:4:5:6:0:8");
  EXPECT_EQ(canonical_ip("::FFFF:1.2.3.4"), "::ffff:1.2.3.4");
  EXPECT_EQ(canonical_ip("fe80::1%eth0"), "fe80::1%eth0");
}

// The C library is the judge: peers and servers write addresses as it does. It writes some deprecated forms
// (`::1.2.3.4`) in another way, which no network uses.
TEST(CanonicalIp, WritesIpv6AsTheSystemDoes) {
  SplitMix64 rng(1);
  for (int round = 0; round < 20000; ++round) {
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
      if (i == 0 || rng.below(2) == 0) bytes[i + 1] = static_cast<std::uint8_t>(rng.below(255) + 1);
      if (rng.below(4) == 0) bytes[i] = static_cast<std::uint8_t>(rng.below(256));
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    ASSERT_NE(inet_ntop(AF_INET6, bytes.data(), text.data(), text.size()), nullptr);
    EXPECT_EQ(canonical_ip(text.data()), text.data());
  }
}

TEST(Host, KnowsNames) {
  for (const char* good : {"localhost", "redis-0.redis.default.svc.cluster.local", "db_1", "a.", "1a"}) {
    EXPECT_TRUE(is_host_name(good)) << good;
  }
  for (const char* bad : {"", ".", "a..b", ".a", "300.1.1.1", "a b", "a,b", "a\n", "::1", "a/b"}) {
    EXPECT_FALSE(is_host_name(bad)) << bad;
  }
  const std::string label(63, 'a');
  EXPECT_TRUE(is_host_name(label));
  EXPECT_FALSE(is_host_name(label + "a"));
  const std::string longest = label + "." + label + "." + label + "." + label.substr(2);
  EXPECT_EQ(longest.size(), kMaxHostNameBytes);
  EXPECT_TRUE(is_host_name(longest));
  EXPECT_FALSE(is_host_name(longest + "a"));
}

TEST(Loopback, IsOfThisMachineOnly) {
  for (const char* ip : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"}) EXPECT_TRUE(is_loopback(ip)) << ip;
  for (const char* ip : {"10.0.0.1", "12.7.0.1", "::", "::2", "fe80::1", "localhost", ""})
    EXPECT_FALSE(is_loopback(ip)) << ip;
}

}  // namespace
}  // namespace vedette
