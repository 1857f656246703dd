// One primary with its replicas, as it was set up, the sentinels that watch it, and its clients.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/reader.h"
#include "sim/redis_server.h"
#include "sim/sentinel.h"
#include "sim/writer.h"

namespace vedette::sim {

struct Group {
  std::string name;    // by which its sentinels know it: another fleet may know another group by it
  unsigned fleet = 0;  // of the sentinels that watch it
  std::vector<RedisServer*> servers;
  std::vector<Sentinel*> sentinels;
  Writer* writer = nullptr;
  std::vector<Reader*> readers;
  std::optional<Instant> last_write;              // that was counted
  std::vector<Writer::Acknowledged> kept_writes;  // of those that were counted last, the ones that were not lost
};

// Is it this server that is meant by an address or, where servers are known by names, by its name?
inline bool is_of(const RedisServer& server, const Address& address) {
  return address == server.address() || address == Address{server.name(), server.address().port};
}

}  // namespace vedette::sim
