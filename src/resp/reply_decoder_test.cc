#include "resp/reply_decoder.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include "tests/support/pieces.h"

namespace vedette::resp {
namespace {

using testing::decode_in_pieces;

Value text(Type type, std::string content) { return Value{.type = type, .text = std::move(content)}; }
Value integer(std::int64_t number) { return Value{.type = Type::kInteger, .integer = number}; }
Value sequence(Type type, std::vector<Value> elements) { return Value{.type = type, .elements = std::move(elements)}; }

std::vector<Value> decode(std::string_view bytes, ReplyLimits limits = {}) {
  const auto decoded = decode_in_pieces(ReplyDecoder(limits), bytes, {});
  EXPECT_EQ(decoded.error, std::nullopt) << bytes.substr(0, 80);
  return decoded.items;
}

std::string error_of(std::string_view bytes, ReplyLimits limits = {}) {
  const auto decoded = decode_in_pieces(ReplyDecoder(limits), bytes, {});
  EXPECT_TRUE(decoded.error) << bytes.substr(0, 80);
  return decoded.error.value_or("");
}

TEST(ReplyDecoder, DecodesEveryTypeOfResp2) {
  EXPECT_EQ(decode("+OK\r\n"), std::vector{text(Type::kSimpleString, "OK")});
  EXPECT_EQ(decode("-ERR no\r\n"), std::vector{text(Type::kError, "ERR no")});
  EXPECT_EQ(decode(":-42\r\n:0\r\n"), (std::vector{integer(-42), integer(0)}));
  EXPECT_EQ(decode("$5\r\na\r\nbc\r\n"), std::vector{text(Type::kBulkString, "a\r\nbc")});
  EXPECT_EQ(decode("$0\r\n\r\n+\r\n"), (std::vector{text(Type::kBulkString, ""), text(Type::kSimpleString, "")}));
  EXPECT_EQ(decode("$-1\r\n*-1\r\n"), (std::vector{Value{}, Value{}}));
  EXPECT_EQ(decode("*0\r\n"), std::vector{sequence(Type::kArray, {})});
  EXPECT_EQ(decode("*2\r\n:1\r\n*1\r\n$-1\r\n"),
            std::vector{sequence(Type::kArray, {integer(1), sequence(Type::kArray, {Value{}})})});
}

TEST(ReplyDecoder, DecodesEveryTypeOfResp3) {
  EXPECT_EQ(decode("_\r\n"), std::vector{Value{}});
  EXPECT_EQ(decode("#t\r\n#f\r\n"),
            (std::vector{Value{.type = Type::kBoolean, .integer = 1}, Value{.type = Type::kBoolean, .integer = 0}}));
  EXPECT_EQ(decode("(-3492890328409238509324850943850943825024385\r\n"),
            std::vector{text(Type::kBigNumber, "-3492890328409238509324850943850943825024385")});
  EXPECT_EQ(decode("!6\r\nERR \r\n\r\n"), std::vector{text(Type::kError, "ERR \r\n")});
  EXPECT_EQ(decode("=8\r\ntxt:some\r\n"), std::vector{text(Type::kVerbatim, "some")});
  EXPECT_EQ(decode("=4\r\nmkd:\r\n"), std::vector{text(Type::kVerbatim, "")});
  EXPECT_EQ(decode("%1\r\n+k\r\n:1\r\n"),
            std::vector{sequence(Type::kMap, {text(Type::kSimpleString, "k"), integer(1)})});
  EXPECT_EQ(decode("%0\r\n~1\r\n:1\r\n"), (std::vector{sequence(Type::kMap, {}), sequence(Type::kSet, {integer(1)})}));
  EXPECT_EQ(decode(">1\r\n+message\r\n"), std::vector{sequence(Type::kPush, {text(Type::kSimpleString, "message")})});
}

TEST(ReplyDecoder, KeepsDoublesAsTheirDigits) {
  for (const char* digits : {"1", "-1.5", "1e5", "+1.5E-3", ".5", "inf", "-inf", "nan", "-nan", "10."}) {
    EXPECT_EQ(decode("," + std::string(digits) + "\r\n"), std::vector{text(Type::kDouble, digits)});
  }
  for (const char* digits : {"", "-", ".", "1e", "1x", "e5", "1 ", "infx", "0x10"}) {
    EXPECT_EQ(error_of("," + std::string(digits) + "\r\n"), "not RESP: malformed number") << digits;
  }
}

TEST(ReplyDecoder, DropsAttributesWhereverTheyStand) {
  EXPECT_EQ(decode("|1\r\n+ttl\r\n:3600\r\n+OK\r\n"), std::vector{text(Type::kSimpleString, "OK")});
  EXPECT_EQ(decode("*2\r\n|1\r\n+a\r\n*1\r\n:9\r\n:1\r\n|0\r\n:2\r\n"),
            std::vector{sequence(Type::kArray, {integer(1), integer(2)})});
  EXPECT_EQ(decode("|1\r\n|1\r\n+a\r\n+b\r\n+c\r\n+d\r\n:7\r\n"), std::vector{integer(7)});
  EXPECT_EQ(decode("|1\r\n+only\r\n+attributes\r\n"), std::vector<Value>{});
}

TEST(ReplyDecoder, ALineEndsAtCrLfOnly) {
  EXPECT_EQ(decode("+a\rb\nc\r\n"), std::vector{text(Type::kSimpleString, "a\rb\nc")});
  EXPECT_EQ(decode("+a\r\r\n"), std::vector{text(Type::kSimpleString, "a\r")});
}

TEST(ReplyDecoder, RefusesWhatIsNotResp) {
  EXPECT_EQ(error_of("HTTP/1.1 400 Bad Request\r\n"), "not RESP: no value starts with byte 0x48");
  EXPECT_EQ(error_of("\r\n"), "not RESP: no value starts with byte 0x0d");
  for (const char* bytes : {":\r\n", ":1a\r\n", ":+1\r\n", ":01\r\n", ":-0\r\n", ":9223372036854775808\r\n"}) {
    EXPECT_EQ(error_of(bytes), "not RESP: malformed integer") << bytes;
  }
  for (const char* bytes : {"$\r\n", "$-2\r\n", "$x\r\n", "*-2\r\n", "%-1\r\n", "~-1\r\n", ">-1\r\n", "!-1\r\n",
                            "=-1\r\n", "|-1\r\n", "$99999999999999999999\r\n"}) {
    EXPECT_EQ(error_of(bytes), "not RESP: malformed length") << bytes;
  }
  EXPECT_EQ(error_of("#x\r\n"), "not RESP: malformed boolean");
  EXPECT_EQ(error_of("#\r\n"), "not RESP: malformed boolean");
  EXPECT_EQ(error_of("_x\r\n"), "not RESP: malformed null");
  EXPECT_EQ(error_of("(1.5\r\n"), "not RESP: malformed number");
  EXPECT_EQ(error_of("(\r\n"), "not RESP: malformed number");
  EXPECT_EQ(error_of("$1\r\nab\r\n"), "not RESP: a string is longer than its length");
  EXPECT_EQ(error_of("=3\r\ntxt\r\n"), "not RESP: verbatim string without a format");
  EXPECT_EQ(error_of("=4\r\ntext\r\n"), "not RESP: verbatim string without a format");
  EXPECT_EQ(error_of("$?\r\n"), "streamed strings and aggregates are not supported");
  EXPECT_EQ(error_of("*?\r\n"), "streamed strings and aggregates are not supported");
}

TEST(ReplyDecoder, GivesTheValuesBeforeAnErrorAndThenTheSameErrorForEver) {
  ReplyDecoder decoder;
  decoder.feed("+OK\r\n?");
  EXPECT_EQ(decoder.next().value(), text(Type::kSimpleString, "OK"));
  const auto first = decoder.next();
  ASSERT_FALSE(first.ok());
  decoder.feed("+OK\r\n");
  const auto second = decoder.next();
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(first.error(), second.error());
}

TEST(ReplyDecoder, RefusesGarbageAtItsFirstByte) {
  ReplyDecoder decoder;
  decoder.feed("H");
  EXPECT_FALSE(decoder.next().ok());
}

TEST(ReplyDecoderLimits, BytesOfAString) {
  const ReplyLimits limits{.max_bulk_bytes = 4};
  EXPECT_EQ(decode("$4\r\nabcd\r\n", limits), std::vector{text(Type::kBulkString, "abcd")});
  EXPECT_EQ(error_of("$5\r\n", limits), "a string of the reply is longer than 4 bytes");
  EXPECT_EQ(error_of("!5\r\n", limits), "a string of the reply is longer than 4 bytes");
}

TEST(ReplyDecoderLimits, BytesOfAWholeValue) {
  const ReplyLimits limits{.max_total_bytes = 16};
  EXPECT_EQ(decode("*2\r\n:1\r\n$2\r\nab\r\n", limits).size(), 1U);
  EXPECT_EQ(decode("+0123456789abc\r\n+0123456789abc\r\n", limits).size(), 2U) << "the limit is per value";
  EXPECT_EQ(error_of("*2\r\n:1\r\n$3\r\n", limits), "the reply is longer than 16 bytes");
  EXPECT_EQ(error_of("*2\r\n:1\r\n:123456\r\n", limits), "the reply is longer than 16 bytes");
  EXPECT_EQ(error_of("|0\r\n|0\r\n|0\r\n|0\r\n|0\r\n", limits), "the reply is longer than 16 bytes")
      << "dropped attributes count";
}

TEST(ReplyDecoderLimits, ElementsOfAWholeValue) {
  const ReplyLimits limits{.max_elements = 4};
  EXPECT_EQ(decode("*2\r\n*2\r\n:1\r\n:2\r\n:3\r\n*4\r\n:1\r\n:1\r\n:1\r\n:1\r\n", limits).size(), 2U);
  EXPECT_EQ(decode("%2\r\n:1\r\n:1\r\n:1\r\n:1\r\n", limits).size(), 1U);
  for (const char* bytes : {"*5\r\n", "*2\r\n*3\r\n", "%3\r\n", "|3\r\n", "*1\r\n%2\r\n", "*9223372036854775807\r\n",
                            "%9223372036854775807\r\n"}) {
    EXPECT_EQ(error_of(bytes, limits), "the reply has more than 4 elements") << bytes;
  }
}

TEST(ReplyDecoderLimits, Depth) {
  const ReplyLimits limits{.max_depth = 2};
  EXPECT_EQ(decode("*1\r\n*1\r\n*0\r\n", limits).size(), 1U);
  EXPECT_EQ(error_of("*1\r\n*1\r\n*1\r\n", limits), "the reply nests deeper than 2 levels");
  EXPECT_EQ(error_of("|1\r\n|1\r\n|1\r\n", limits), "the reply nests deeper than 2 levels");
}

TEST(ReplyDecoderLimits, BytesOfALine) {
  const ReplyLimits limits{.max_line_bytes = 4};
  EXPECT_EQ(decode("+abc\r\n", limits), std::vector{text(Type::kSimpleString, "abc")});
  EXPECT_EQ(decode("+abc\r", limits), std::vector<Value>{}) << "the line may yet end here";
  EXPECT_EQ(error_of("+abcd\r\n", limits), "a line of the reply is longer than 4 bytes");
  EXPECT_EQ(error_of("+abcde", limits), "a line of the reply is longer than 4 bytes") << "no need to wait for its end";
}

TEST(ReplyDecoderLimits, AnAnnouncedLengthReservesNothing) {
  const std::size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
  std::vector<ReplyDecoder> decoders(100);
  for (ReplyDecoder& decoder : decoders) {
    decoder.feed("*2\r\n*1000000\r\n$16777216\r\n");
    EXPECT_TRUE(decoder.next().ok());
  }
  EXPECT_LT(mallinfo2().uordblks + mallinfo2().hblkhd - before, decoders.size() * 32768);
}

TEST(ReplyDecoder, SaysWhatAnIncompleteValueCosts) {
  ReplyDecoder decoder;
  EXPECT_EQ(decoder.buffered_bytes(), 0U);
  decoder.feed("*2\r\n$1000\r\n" + std::string(999, 'x'));
  EXPECT_FALSE(decoder.next().value());
  EXPECT_GE(decoder.buffered_bytes(), 999U);
  decoder.feed("x\r\n:1\r\n");
  EXPECT_TRUE(decoder.next().value());
  EXPECT_EQ(decoder.buffered_bytes(), 0U);
}

TEST(ReplyDecoder, IsLinearWhenFedByteByByte) {
  const std::string payload(4U << 20, 'x');
  std::string bytes = "*100002\r\n$" + std::to_string(payload.size()) + "\r\n" + payload + "\r\n";
  bytes += "+" + std::string(65000, 'y') + "\r\n";
  for (int i = 0; i < 100000; ++i) bytes += ":1\r\n";
  const auto decoded = decode_in_pieces(ReplyDecoder(), bytes, {0});
  ASSERT_EQ(decoded.items.size(), 1U);
  EXPECT_EQ(decoded.items[0].elements.size(), 100002U);
  EXPECT_EQ(decoded.items[0].elements[0].text, payload);
}

}  // namespace
}  // namespace vedette::resp
