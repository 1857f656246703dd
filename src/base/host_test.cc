#include "base/host.h"

#include <gtest/gtest.h>

#include <string>

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

}  // namespace
}  // namespace vedette
