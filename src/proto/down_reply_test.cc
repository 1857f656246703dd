#include "proto/down_reply.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "resp/reply_decoder.h"

namespace vedette::proto {
namespace {

const RunId kLeader{std::string(RunId::kLength, 'a')};

resp::Value decoded(std::string_view bytes) {
  resp::ReplyDecoder decoder;
  decoder.feed(bytes);
  return decoder.next().value().value();
}

TEST(DownReply, OfAStockSentinel) {
  EXPECT_EQ(*parse_down_reply(decoded("*3\r\n:0\r\n$1\r\n*\r\n:0\r\n")), DownReply{});
  DownReply vote;
  vote.down = true;
  vote.leader = kLeader;
  vote.leader_epoch = Epoch{5};
  EXPECT_EQ(*parse_down_reply(decoded("*3\r\n:1\r\n$40\r\n" + kLeader.hex + "\r\n:5\r\n")), vote);
}

TEST(DownReply, MayCarryMore) { EXPECT_TRUE(parse_down_reply(decoded("*4\r\n:0\r\n+*\r\n:0\r\n:7\r\n")).ok()); }

TEST(DownReply, IsRefusedInAnyOtherForm) {
  for (const char* bytes :
       {"-ERR unknown command\r\n", "*-1\r\n", "*2\r\n:0\r\n$1\r\n*\r\n", "+OK\r\n",
        "*3\r\n$1\r\n0\r\n$1\r\n*\r\n:0\r\n", "*3\r\n:0\r\n$-1\r\n:0\r\n", "*3\r\n:0\r\n$0\r\n\r\n:0\r\n",
        "*3\r\n:0\r\n$3\r\nabc\r\n:0\r\n", "*3\r\n:0\r\n$1\r\n*\r\n:-1\r\n",
        "*3\r\n:0\r\n$1\r\n*\r\n:9223372036854775807\r\n", "~3\r\n:0\r\n$1\r\n*\r\n:0\r\n"}) {
    EXPECT_FALSE(parse_down_reply(decoded(bytes)).ok()) << bytes;
  }
}

RC_GTEST_PROP(DownReplyProperty, ParsingGivesBackWhatWasWritten, (bool down, bool has_voted, std::uint64_t number)) {
  DownReply reply;
  reply.down = down;
  if (has_voted) reply.leader = kLeader;
  reply.leader_epoch = Epoch{number % (to_number(kMaxEpoch) + 1)};
  for (const auto protocol : {resp::Protocol::kResp2, resp::Protocol::kResp3}) {
    std::string bytes;
    resp::Writer writer(bytes, protocol);
    write_down_reply(writer, reply);
    const auto parsed = parse_down_reply(decoded(bytes));
    RC_ASSERT(parsed.ok());
    RC_ASSERT(*parsed == reply);
  }
}

}  // namespace
}  // namespace vedette::proto
