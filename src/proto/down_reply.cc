#include "proto/down_reply.h"

#include <cstdint>
#include <utility>

#include "proto/field.h"

namespace vedette::proto {
namespace {

constexpr std::string_view kNoVote = "*";

}  // namespace

Result<DownReply> parse_down_reply(const resp::Value& value) {
  const auto& parts = value.elements;
  if (!value.is(resp::Type::kArray) || parts.size() < 3 || !parts[0].is(resp::Type::kInteger) || !parts[1].is_text() ||
      !parts[2].is(resp::Type::kInteger)) {
    return Error{"the answer to IS-MASTER-DOWN-BY-ADDR is not an array of integer, string, integer"};
  }
  const std::int64_t epoch = parts[2].integer;
  if (epoch < 0 || Epoch{static_cast<std::uint64_t>(epoch)} > kMaxEpoch) {
    return Error{"the answer to IS-MASTER-DOWN-BY-ADDR has an impossible epoch"};
  }
  DownReply reply;
  reply.down = parts[0].integer == 1;
  reply.leader_epoch = Epoch{static_cast<std::uint64_t>(epoch)};
  if (parts[1].text == kNoVote) return reply;
  auto leader = parse_run_id(parts[1].text);
  if (!leader) return Error{"the answer to IS-MASTER-DOWN-BY-ADDR names a leader that is not a run id"};
  reply.leader = *std::move(leader);
  return reply;
}

void write_down_reply(resp::Writer& writer, const DownReply& reply) {
  writer.array(3);
  writer.integer(reply.down ? 1 : 0);
  writer.bulk(reply.leader ? std::string_view(reply.leader->hex) : kNoVote);
  writer.integer(static_cast<std::int64_t>(to_number(reply.leader_epoch)));
}

}  // namespace vedette::proto
