#include "resp/request_decoder.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include "tests/support/pieces.h"

namespace vedette::resp {
namespace {

using testing::decode_in_pieces;
using Request = std::vector<std::string>;
using Requests = std::vector<Request>;

Requests decode(std::string_view bytes, RequestLimits limits = {}) {
  const auto decoded = decode_in_pieces(RequestDecoder(limits), bytes, {});
  EXPECT_EQ(decoded.error, std::nullopt) << bytes.substr(0, 80);
  return decoded.items;
}

std::string error_of(std::string_view bytes, RequestLimits limits = {}) {
  const auto decoded = decode_in_pieces(RequestDecoder(limits), bytes, {});
  EXPECT_TRUE(decoded.error) << bytes.substr(0, 80);
  return decoded.error.value_or("");
}

TEST(RequestDecoder, DecodesArraysOfBulkStrings) {
  EXPECT_EQ(decode("*2\r\n$4\r\nECHO\r\n$3\r\na\r\n\r\n"), (Requests{{"ECHO", "a\r\n"}}));
  EXPECT_EQ(decode("*1\r\n$4\r\nPING\r\n*1\r\n$0\r\n\r\n"), (Requests{{"PING"}, {""}}));
}

TEST(RequestDecoder, DecodesInlineCommands) {
  EXPECT_EQ(decode("PING\r\nPING\n  ECHO\t\"a\\x41\" 'b c'  \r\n"),
            (Requests{{"PING"}, {"PING"}, {"ECHO", "aA", "b c"}}));
  EXPECT_EQ(decode("\"\"\r\n"), Requests{{""}});
  EXPECT_EQ(decode(std::string_view("a\0b\r\n", 5)), Requests{{std::string("a\0b", 3)}});
}

TEST(RequestDecoder, SkipsBlankLinesAndEmptyArrays) {
  EXPECT_EQ(decode("\r\n\n  \n*0\r\n*-1\r\n*-9999999999\r\nPING\r\n"), Requests{{"PING"}});
}

TEST(RequestDecoder, IsAsLenientAboutLineEndsAsTheOriginal) {
  EXPECT_EQ(decode("*1\rX$4\rXPINGXXPING\r\n"), (Requests{{"PING"}, {"PING"}}));
}

TEST(RequestDecoder, WaitsForTheRest) {
  for (const char* bytes : {"", "PING", "PING\r", "*", "*1", "*1\r", "*1\r\n", "*1\r\nx", "*1\r\n$", "*1\r\n$4\r",
                            "*1\r\n$4\r\nPIN", "*1\r\n$4\r\nPING", "*1\r\n$4\r\nPING\r", "*2\r\n$4\r\nPING\r\n"}) {
    EXPECT_EQ(decode(bytes), Requests{}) << bytes;
  }
}

// Texts as redis-server 7.0 sends them.
TEST(RequestDecoder, RefusesInTheWordsOfTheOriginal) {
  for (const char* bytes : {"*\r\n", "*x\r\n", "* 1\r\n", "*+1\r\n", "*01\r\n", "*-0\r\n", "*2147483648\r\n",
                            "*99999999999999999999\r\n", "*-99999999999999999999\r\n"}) {
    EXPECT_EQ(error_of(bytes), "Protocol error: invalid multibulk length") << bytes;
  }
  for (const char* bytes : {"$\r\n", "$-1\r\n", "$x\r\n", "$04\r\n", "$ 4\r\n", "$+4\r\n", "$4x\r\n", "$536870913\r\n",
                            "$99999999999999999999\r\n"}) {
    EXPECT_EQ(error_of("*1\r\n" + std::string(bytes)), "Protocol error: invalid bulk length") << bytes;
  }
  EXPECT_EQ(error_of("*1\r\nx\r\n"), "Protocol error: expected '$', got 'x'");
  EXPECT_EQ(error_of("*1\r\n\r\n"), "Protocol error: expected '$', got '\r'");
  EXPECT_EQ(error_of("ECHO \"a\r\n"), "Protocol error: unbalanced quotes in request");
  EXPECT_EQ(error_of("ECHO 'a'b\r\n"), "Protocol error: unbalanced quotes in request");
}

TEST(RequestDecoder, GivesTheRequestsBeforeAnErrorAndThenTheSameErrorForEver) {
  RequestDecoder decoder;
  decoder.feed("PING\r\n*x\r\nPING\r\n");
  EXPECT_EQ(decoder.next().value(), Request{"PING"});
  const auto first = decoder.next();
  ASSERT_FALSE(first.ok());
  decoder.feed("PING\r\n");
  const auto second = decoder.next();
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(first.error(), second.error());
  EXPECT_EQ(decoder.buffered_bytes(), 0U);
}

TEST(RequestDecoderLimits, BytesOfAnInlineCommand) {
  const std::string longest(RequestLimits{}.max_inline_bytes, 'x');
  EXPECT_EQ(decode(longest + "\n"), Requests{{longest}});
  EXPECT_EQ(decode(longest), Requests{});
  EXPECT_EQ(error_of(longest + "x"), "Protocol error: too big inline request");
  EXPECT_EQ(error_of(longest + "x\n"), "Protocol error: too big inline request");
  EXPECT_EQ(error_of(std::string(1000000, ' ')), "Protocol error: too big inline request");
}

TEST(RequestDecoderLimits, BytesOfAHeader) {
  const std::string ones(RequestLimits{}.max_inline_bytes, '1');
  EXPECT_EQ(error_of("*" + ones), "Protocol error: too big mbulk count string");
  EXPECT_EQ(error_of("*1\r\n$" + ones), "Protocol error: too big bulk count string");
  EXPECT_EQ(decode("*" + ones.substr(1)), Requests{});
  EXPECT_EQ(error_of("*" + ones.substr(1) + "\r\n"), "Protocol error: invalid multibulk length");
}

TEST(RequestDecoderLimits, Arguments) {
  const RequestLimits limits{.max_arguments = 2};
  EXPECT_EQ(decode("*2\r\n$1\r\na\r\n$1\r\nb\r\n", limits), (Requests{{"a", "b"}}));
  EXPECT_EQ(error_of("*3\r\n", limits), "Protocol error: invalid multibulk length");
}

TEST(RequestDecoderLimits, BytesOfAnArgument) {
  const RequestLimits limits{.max_bulk_bytes = 4};
  EXPECT_EQ(decode("*1\r\n$4\r\nPING\r\n", limits), Requests{{"PING"}});
  EXPECT_EQ(error_of("*1\r\n$5\r\n", limits), "Protocol error: invalid bulk length");
}

TEST(RequestDecoderLimits, BytesOfARequestCountWhatAnArgumentCosts) {
  const RequestLimits limits{.max_total_bytes = 2 * sizeof(std::string) + 5};
  EXPECT_EQ(decode("*2\r\n$1\r\na\r\n$4\r\nPING\r\n*1\r\n$4\r\nPING\r\n", limits), (Requests{{"a", "PING"}, {"PING"}}));
  EXPECT_EQ(error_of("*2\r\n$1\r\na\r\n$5\r\n", limits), "Protocol error: too big request");
  EXPECT_EQ(error_of("*3\r\n$0\r\n\r\n$0\r\n\r\n$0\r\n", limits), "Protocol error: too big request");
}

TEST(RequestDecoderLimits, BeforeAuthentication) {
  const RequestLimits limits{.authenticated = false};
  EXPECT_EQ(decode("*10\r\n", limits), Requests{});
  EXPECT_EQ(error_of("*11\r\n", limits), "Protocol error: unauthenticated multibulk length");
  EXPECT_EQ(decode("*1\r\n$16384\r\n", limits), Requests{});
  EXPECT_EQ(error_of("*1\r\n$16385\r\n", limits), "Protocol error: unauthenticated bulk length");
  EXPECT_EQ(error_of("*2147483648\r\n", limits), "Protocol error: invalid multibulk length");
  EXPECT_EQ(error_of("*1\r\n$536870913\r\n", limits), "Protocol error: invalid bulk length");
}

TEST(RequestDecoderLimits, NewOnesHoldForWhatHasNotBeenLookedAt) {
  RequestDecoder decoder(RequestLimits{.authenticated = false});
  decoder.feed("AUTH secret\r\n*11\r\n");
  EXPECT_EQ(decoder.next().value(), (Request{"AUTH", "secret"}));
  decoder.set_limits({});
  EXPECT_TRUE(decoder.next().ok());
}

TEST(RequestDecoderLimits, AnAnnouncedLengthReservesNothing) {
  const std::size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
  std::vector<RequestDecoder> decoders(100);
  for (RequestDecoder& decoder : decoders) {
    decoder.feed("*1048576\r\n$536870912\r\n");
    EXPECT_TRUE(decoder.next().ok());
  }
  EXPECT_LT(mallinfo2().uordblks + mallinfo2().hblkhd - before, decoders.size() * 4096);
}

TEST(RequestDecoder, SaysWhatAnIncompleteRequestCosts) {
  RequestDecoder decoder;
  EXPECT_EQ(decoder.buffered_bytes(), 0U);
  decoder.feed("*3\r\n$4\r\nPING\r\n$100\r\nabc");
  EXPECT_TRUE(decoder.next().ok());
  EXPECT_EQ(decoder.buffered_bytes(), 2 * sizeof(std::string) + 7);
  decoder.feed(std::string(97, 'x') + "\r\n$0\r\n\r\n");
  EXPECT_TRUE(decoder.next().value());
  EXPECT_EQ(decoder.buffered_bytes(), 0U);
  decoder.feed("PIN");
  EXPECT_TRUE(decoder.next().ok());
  EXPECT_EQ(decoder.buffered_bytes(), 3U);
}

TEST(RequestDecoder, IsLinearWhenFedByteByByte) {
  const std::string payload(4U << 20, 'x');
  std::string bytes = "*1001\r\n$" + std::to_string(payload.size()) + "\r\n" + payload + "\r\n";
  for (int i = 0; i < 1000; ++i) bytes += "$1\r\na\r\n";
  const std::string line(65000, 'y');
  for (int i = 0; i < 50; ++i) bytes += line + "\n";
  const auto decoded = decode_in_pieces(RequestDecoder(), bytes, {0});
  ASSERT_EQ(decoded.items.size(), 51U);
  EXPECT_EQ(decoded.items[0].size(), 1001U);
  EXPECT_EQ(decoded.items[0][0], payload);
  EXPECT_EQ(decoded.items[50], Request{line});
}

}  // namespace
}  // namespace vedette::resp
