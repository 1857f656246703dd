#include "proto/hello.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <array>

#include "base/host.h"
#include "proto/field.h"

namespace vedette::proto {
namespace {

const RunId kSender{"94ae46a60c7cff8c3f1436fe02ca28b33fe26a11"};

// What redis-sentinel 7.0 publishes.
constexpr const char* kStock = "::1,57677,94ae46a60c7cff8c3f1436fe02ca28b33fe26a11,6,mymaster,::1,36103,5";

TEST(Hello, OfAStockSentinelIsUnderstoodAndWrittenTheSame) {
  const auto hello = parse_hello(kStock);
  ASSERT_TRUE(hello.ok()) << hello.error().message;
  EXPECT_EQ(*hello, (Hello{.sender = {"::1", 57677},
                           .sender_id = kSender,
                           .current_epoch = Epoch{6},
                           .primary_name = "mymaster",
                           .primary = {"::1", 36103},
                           .config_epoch = Epoch{5}}));
  EXPECT_EQ(format_hello(*hello), kStock);
}

TEST(Hello, MayNameHosts) {
  const std::string text = "sentinel-0.svc,26379," + kSender.hex + ",0,m,redis-0.svc,6379,0";
  const auto hello = parse_hello(text);
  ASSERT_TRUE(hello.ok()) << hello.error().message;
  EXPECT_EQ(hello->sender, (Address{"sentinel-0.svc", 26379}));
  EXPECT_EQ(hello->primary, (Address{"redis-0.svc", 6379}));
}

TEST(Hello, IsRefusedWithTheReason) {
  const std::string id = kSender.hex;
  const std::pair<std::string, std::string> cases[] = {
      {"", "hello with 1 fields, not 8"},
      {"10.0.0.1,26379," + id + ",0,m,10.0.0.2,6379", "hello with 7 fields, not 8"},
      {"10.0.0.1,26379," + id + ",0,m,10.0.0.2,6379,0,", "hello with 9 fields, not 8"},
      {",26379," + id + ",0,m,10.0.0.2,6379,0", "hello with an invalid sender address: ',26379'"},
      {"10.0.0.1,0," + id + ",0,m,10.0.0.2,6379,0", "hello with an invalid sender address: '10.0.0.1,0'"},
      {"10.0.0.1,26379,abc,0,m,10.0.0.2,6379,0", "hello with an invalid run id: 'abc'"},
      {"10.0.0.1,26379," + id + ",-1,m,10.0.0.2,6379,0", "hello with an invalid current epoch: '-1'"},
      {"10.0.0.1,26379," + id + ",0,,10.0.0.2,6379,0", "hello with an invalid name: ''"},
      {"10.0.0.1,26379," + id + ",0,a\nb,10.0.0.2,6379,0", "hello with an invalid name: 'a?b'"},
      {"10.0.0.1,26379," + id + ",0,m,10.0.0.2,65536,0", "hello with an invalid primary address: '10.0.0.2,65536'"},
      {"10.0.0.1,26379," + id + ",0,m,10.0.0.2,6379,x\x1b[2J", "hello with an invalid config epoch: 'x?[2J'"},
      {"10.0.0.1,26379," + id + ",0,m,10.0.0.2,6379," + std::string(65, '9'),
       "hello with an invalid config epoch: '" + std::string(64, '9') + "...'"},
  };
  for (const auto& [text, reason] : cases) {
    const auto hello = parse_hello(text);
    ASSERT_FALSE(hello.ok()) << text;
    EXPECT_EQ(hello.error().message, reason);
  }
}

TEST(Hello, HasALimit) {
  EXPECT_EQ(parse_hello(std::string(kMaxHelloBytes, ',')).error().message, "hello with 1025 fields, not 8");
  EXPECT_EQ(parse_hello(std::string(kMaxHelloBytes + 1, ',')).error().message, "hello of 1025 bytes, more than 1024");
}

TEST(Hello, TheLongestStaysWithinTheLimit) {
  const std::string label(63, 'h');
  const std::string host = label + "." + label + "." + label + "." + label.substr(0, kMaxHostNameBytes - 3 * 64);
  const Hello longest{.sender = {host, 65535},
                      .sender_id = kSender,
                      .current_epoch = kMaxEpoch,
                      .primary_name = std::string(kMaxNameBytes, 'n'),
                      .primary = {host, 65535},
                      .config_epoch = kMaxEpoch};
  const auto hello = parse_hello(format_hello(longest));
  ASSERT_TRUE(hello.ok()) << hello.error().message;
  EXPECT_EQ(*hello, longest);
}

// --- Properties -----------------------------------------------------------------------------------------------------

rc::Gen<std::string> any_host() {
  const auto ipv4 = rc::gen::map<std::uint32_t>(
      [](std::uint32_t n) { return fmt::format("{}.{}.{}.{}", n >> 24, n >> 16 & 255, n >> 8 & 255, n & 255); });
  const auto ipv6 = rc::gen::map<std::array<std::uint16_t, 8>>([](const std::array<std::uint16_t, 8>& groups) {
    return canonical_ip(fmt::format("{:x}", fmt::join(groups, ":"))).value();
  });
  return rc::gen::oneOf(ipv4, ipv6, rc::gen::element<std::string>("a", "redis_0.svc.cluster.local", "x--y."));
}

rc::Gen<Address> any_address() {
  return rc::gen::construct<Address>(any_host(), rc::gen::inRange<std::uint16_t>(1, 65535));
}

rc::Gen<std::string> any_name() {
  return rc::gen::suchThat(
      rc::gen::container<std::string>(rc::gen::suchThat<char>([](char c) { return is_name(std::string_view(&c, 1)); })),
      &is_name);
}

rc::Gen<Epoch> any_epoch() {
  return rc::gen::map<std::uint64_t>([](std::uint64_t n) { return Epoch{n % (to_number(kMaxEpoch) + 1)}; });
}

rc::Gen<RunId> any_run_id() {
  return rc::gen::construct<RunId>(
      rc::gen::container<std::string>(RunId::kLength, rc::gen::elementOf(std::string("0123456789abcdef"))));
}

RC_GTEST_PROP(HelloProperty, ParsingGivesBackWhatWasFormatted, ()) {
  const Hello hello{.sender = *any_address(),
                    .sender_id = *any_run_id(),
                    .current_epoch = *any_epoch(),
                    .primary_name = *any_name(),
                    .primary = *any_address(),
                    .config_epoch = *any_epoch()};
  const auto parsed = parse_hello(format_hello(hello));
  RC_ASSERT(parsed.ok());
  RC_ASSERT(*parsed == hello);
}

RC_GTEST_PROP(HelloProperty, WhatIsUnderstoodSurvivesBeingFormatted, (std::size_t where, char byte)) {
  std::string text = kStock;
  text[where % text.size()] = byte;
  const auto hello = parse_hello(text);
  if (!hello) return;
  const auto again = parse_hello(format_hello(*hello));
  RC_ASSERT(again.ok());
  RC_ASSERT(*again == *hello);
}

}  // namespace
}  // namespace vedette::proto
