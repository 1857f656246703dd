// The reader of hiredis, which most clients stand on, must see in a RESP2 stream what ReplyDecoder sees.
#include <gtest/gtest.h>
#include <hiredis/hiredis.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <memory>

#include "resp/reply_decoder.h"
#include "tests/support/pieces.h"
#include "tests/support/resp_encode.h"
#include "tests/support/resp_gen.h"

namespace vedette::resp {
namespace {

struct FreeReader {
  void operator()(redisReader* reader) const { redisReaderFree(reader); }
};

Value from_hiredis(const redisReply& reply) {
  switch (reply.type) {
    case REDIS_REPLY_STRING:
      return Value{.type = Type::kBulkString, .text = std::string(reply.str, reply.len)};
    case REDIS_REPLY_STATUS:
      return Value{.type = Type::kSimpleString, .text = std::string(reply.str, reply.len)};
    case REDIS_REPLY_ERROR:
      return Value{.type = Type::kError, .text = std::string(reply.str, reply.len)};
    case REDIS_REPLY_INTEGER:
      return Value{.type = Type::kInteger, .integer = reply.integer};
    case REDIS_REPLY_ARRAY: {
      Value array{.type = Type::kArray};
      for (std::size_t i = 0; i < reply.elements; ++i) array.elements.push_back(from_hiredis(*reply.element[i]));
      return array;
    }
    default:
      return Value{};
  }
}

// The decoder's interface on hiredis, so that both are driven by the same code.
class HiredisDecoder {
 public:
  void feed(std::string_view bytes) { redisReaderFeed(reader_.get(), bytes.data(), bytes.size()); }

  Result<std::optional<Value>> next() {
    void* raw = nullptr;
    if (redisReaderGetReply(reader_.get(), &raw) != REDIS_OK) return Error{reader_->errstr};
    if (raw == nullptr) return std::optional<Value>();
    Value value = from_hiredis(*static_cast<redisReply*>(raw));
    freeReplyObject(raw);
    return std::optional(std::move(value));
  }

 private:
  std::unique_ptr<redisReader, FreeReader> reader_{redisReaderCreate()};
};

using Cuts = std::vector<std::uint8_t>;

std::string encode_all(const std::vector<Value>& values) {
  std::string bytes;
  for (const Value& value : values) bytes += testing::encode(value, Protocol::kResp2);
  return bytes;
}

RC_GTEST_PROP(HiredisDifferential, SeesTheSameValues, (const Cuts& cuts)) {
  const auto values = *testing::several(testing::resp2_value());
  const auto theirs = testing::decode_in_pieces(HiredisDecoder(), encode_all(values), cuts);
  const auto ours = testing::decode_in_pieces(ReplyDecoder(), encode_all(values), cuts);
  RC_ASSERT(theirs.error == std::nullopt);
  RC_ASSERT(ours == theirs);
}

// On a damaged stream hiredis goes on for longer, since it does not look at what ends a string, or gives up earlier,
// since it does not know RESP3. Until then both must agree.
RC_GTEST_PROP(HiredisDifferential, NeverSeesAnotherValueInADamagedStream, (const Cuts& cuts)) {
  const auto values = *testing::several(testing::resp2_value());
  const std::string bytes = *testing::damaged(encode_all(values));
  auto theirs = testing::decode_in_pieces(HiredisDecoder(), bytes, cuts).items;
  auto ours = testing::decode_in_pieces(ReplyDecoder(), bytes, cuts).items;
  const std::size_t common = std::min(ours.size(), theirs.size());
  ours.resize(common);
  theirs.resize(common);
  RC_ASSERT(ours == theirs);
}

}  // namespace
}  // namespace vedette::resp
