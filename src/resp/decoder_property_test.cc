// Properties of both decoders over generated streams: how a stream is cut does not matter, what is written comes back,
// garbage is refused rather than suffered.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "resp/reply_decoder.h"
#include "resp/request_decoder.h"
#include "resp/writer.h"
#include "tests/support/pieces.h"
#include "tests/support/resp_encode.h"
#include "tests/support/resp_gen.h"

namespace vedette::resp {
namespace {

using testing::decode_in_pieces;
using testing::Decoded;
using Cuts = std::vector<std::uint8_t>;
using Request = std::vector<std::string>;

// Small limits, so that generated streams meet them.
constexpr ReplyLimits kTightReplies{
    .max_bulk_bytes = 40, .max_total_bytes = 200, .max_elements = 12, .max_depth = 3, .max_line_bytes = 20};
constexpr RequestLimits kTightRequests{
    .max_inline_bytes = 20, .max_arguments = 4, .max_bulk_bytes = 30, .max_total_bytes = 200};

std::string encode_all(const std::vector<Value>& values) {
  std::string bytes;
  for (const Value& value : values) bytes += testing::encode(value);
  return bytes;
}

RC_GTEST_PROP(ReplyDecoderProperty, GivesBackWhatWasEncodedHoweverItIsCut, (const Cuts& cuts)) {
  const auto values = *testing::several(testing::any_value());
  const auto decoded = decode_in_pieces(ReplyDecoder(), encode_all(values), cuts);
  RC_ASSERT(decoded.error == std::nullopt);
  RC_ASSERT(decoded.items == values);
}

RC_GTEST_PROP(ReplyDecoderProperty, CutsDoNotMatterForGarbageNorAtLimits, (const Cuts& cuts)) {
  const std::string bytes = *testing::damaged(encode_all(*testing::several(testing::any_value())));
  RC_ASSERT(decode_in_pieces(ReplyDecoder(), bytes, cuts) == decode_in_pieces(ReplyDecoder(), bytes, {}));
  RC_ASSERT(decode_in_pieces(ReplyDecoder(kTightReplies), bytes, cuts) ==
            decode_in_pieces(ReplyDecoder(kTightReplies), bytes, {}));
}

RC_GTEST_PROP(RequestDecoderProperty, GivesBackWhatWasWrittenHoweverItIsCut, (const Cuts& cuts)) {
  const auto requests = *rc::gen::scale(0.3, rc::gen::container<std::vector<Request>>(rc::gen::nonEmpty<Request>()));
  std::string bytes;
  for (const Request& request : requests) append_request(bytes, request);
  const auto decoded = decode_in_pieces(RequestDecoder(), bytes, cuts);
  RC_ASSERT(decoded.error == std::nullopt);
  RC_ASSERT(decoded.items == requests);
}

RC_GTEST_PROP(RequestDecoderProperty, CutsDoNotMatterForGarbageNorAtLimits, (const Cuts& cuts)) {
  std::string stream;
  for (const Request& request : *rc::gen::scale(0.3, rc::gen::arbitrary<std::vector<Request>>()))
    append_request(stream, request);
  stream += *rc::gen::elementOf(std::vector<std::string>{"", "PING\r\n", "ECHO \"a b\" 'c'\n", "\r\n", "*0\r\n"});
  const std::string bytes = *testing::damaged(stream);
  RC_ASSERT(decode_in_pieces(RequestDecoder(), bytes, cuts) == decode_in_pieces(RequestDecoder(), bytes, {}));
  RC_ASSERT(decode_in_pieces(RequestDecoder(kTightRequests), bytes, cuts) ==
            decode_in_pieces(RequestDecoder(kTightRequests), bytes, {}));
}

}  // namespace
}  // namespace vedette::resp
