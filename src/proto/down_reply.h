// The answer to `SENTINEL IS-MASTER-DOWN-BY-ADDR <ip> <port> <epoch> <runid|*>`: an opinion and a vote in one.
#pragma once

#include <optional>

#include "base/ids.h"
#include "base/result.h"
#include "resp/value.h"
#include "resp/writer.h"

namespace vedette::proto {

struct DownReply {
  bool down = false;            // the sender sees the primary subjectively down
  std::optional<RunId> leader;  // whom it voted for; nullopt is `*` on the wire: no vote
  Epoch leader_epoch{0};        // the epoch of that vote

  bool operator==(const DownReply&) const = default;
};

// Refuses what is not an array of integer, string, integer (extra elements are ignored, for peers to come).
Result<DownReply> parse_down_reply(const resp::Value& value);
void write_down_reply(resp::Writer& writer, const DownReply& reply);

}  // namespace vedette::proto
