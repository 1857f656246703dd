#include "proto/names.h"

#include <fmt/format.h>

namespace vedette::proto {
namespace {

// " @ mymaster 10.0.0.1 6379": to which primary a replica or a sentinel belongs.
std::string belonging_to(std::string_view primary_name, const Address& primary) {
  return fmt::format(" @ {} {} {}", primary_name, primary.host, primary.port);
}

}  // namespace

std::string describe_primary(std::string_view name, const Address& address) {
  return fmt::format("{} {} {} {}", kWordPrimary, name, address.host, address.port);
}

std::string describe_replica(const Address& replica, std::string_view primary_name, const Address& primary) {
  return fmt::format("{} {} {} {}", kWordReplica, to_string(replica), replica.host, replica.port) +
         belonging_to(primary_name, primary);
}

std::string describe_sentinel(const RunId& id, const Address& sentinel, std::string_view primary_name,
                              const Address& primary) {
  return fmt::format("{} {} {} {}", kWordSentinel, id.hex, sentinel.host, sentinel.port) +
         belonging_to(primary_name, primary);
}

}  // namespace vedette::proto
