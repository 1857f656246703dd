#include "conf/memory.h"

#include "base/memory_use.h"

namespace vedette::conf {

using vedette::heap_of;

std::size_t heap_of(const Form& form) {
  std::size_t bytes = heap_of(form.text) + array_of(form.statements) + table_of(form.included);
  for (const StatementLine& line : form.statements) {
    bytes += heap_of(line.subject.primary) + heap_of(line.subject.key) + heap_of(line.statement);
  }
  for (const auto& [key, text] : form.included) bytes += heap_of(key) + heap_of(text);
  return bytes;
}

std::size_t heap_of(const MonitoredPrimary& primary) {
  std::size_t bytes = tree_of(primary.renamed_commands) + array_of(primary.replicas) + array_of(primary.sentinels) +
                      array_of(primary.histories) + array_of(primary.known_servers);
  for (const std::string* text : {&primary.name, &primary.address.host, &primary.auth_user, &primary.auth_pass,
                                  &primary.notification_script, &primary.client_reconfig_script}) {
    bytes += heap_of(*text);
  }
  for (const auto& [command, name] : primary.renamed_commands) bytes += heap_of(command) + heap_of(name);
  for (const KnownReplica& replica : primary.replicas) bytes += heap_of(replica.address.host);
  for (const KnownSentinel& sentinel : primary.sentinels) {
    bytes += heap_of(sentinel.address.host) + heap_of(sentinel.id.hex);
  }
  for (const std::string& id : primary.histories) bytes += heap_of(id);
  for (const KnownServer& server : primary.known_servers) {
    bytes += heap_of(server.address.host) + heap_of(server.run_id.hex) + heap_of(server.foreign.hex);
  }
  if (primary.upstream) bytes += heap_of(primary.upstream->host);
  return bytes;
}

}  // namespace vedette::conf
