// Replies: however a stream is cut it gives the same, nothing is lost in a value, and what the parsers of `proto` take
// from a value they can write again.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "proto/down_reply.h"
#include "proto/ping_reply.h"
#include "resp/reply_decoder.h"
#include "resp/writer.h"
#include "tests/fuzz/fuzz_cuts.h"
#include "tests/support/pieces.h"
#include "tests/support/resp_encode.h"

namespace vedette {
namespace {

using resp::ReplyDecoder;
using resp::Value;
using testing::decode_in_pieces;

constexpr resp::ReplyLimits kTight{
    .max_bulk_bytes = 40, .max_total_bytes = 200, .max_elements = 12, .max_depth = 3, .max_line_bytes = 20};

auto decode(std::string_view bytes) { return decode_in_pieces(ReplyDecoder(), bytes, {}); }

void check_value(const Value& value) {
  const auto again = decode(testing::encode(value));
  VEDETTE_CHECK(!again.error && again.items.size() == 1 && again.items[0] == value, "a value survives encoding");
  VEDETTE_CHECK(!proto::to_string(proto::classify_ping_reply(value)).empty(), "every reply to PING means something");

  const auto reply = proto::parse_down_reply(value);
  if (!reply) return;
  std::string bytes;
  resp::Writer writer(bytes, resp::Protocol::kResp3);
  proto::write_down_reply(writer, *reply);
  const auto rewritten = proto::parse_down_reply(decode(bytes).items.at(0));
  VEDETTE_CHECK(rewritten.ok() && *rewritten == *reply, "an opinion survives writing");
}

void check_stream(std::string_view stream) {
  const auto whole = decode(stream);
  const auto whole_within_limits = decode_in_pieces(ReplyDecoder(kTight), stream, {});
  for (const auto& cuts : fuzz::cuts_for(stream)) {
    VEDETTE_CHECK(decode_in_pieces(ReplyDecoder(), stream, cuts) == whole, "cuts do not matter");
    VEDETTE_CHECK(decode_in_pieces(ReplyDecoder(kTight), stream, cuts) == whole_within_limits,
                  "cuts do not matter at limits");
  }
  for (const Value& value : whole.items) check_value(value);
}

}  // namespace
}  // namespace vedette

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  vedette::check_stream({reinterpret_cast<const char*>(data), size});
  return 0;
}
