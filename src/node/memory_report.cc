#include "node/memory_report.h"

#include <algorithm>

namespace vedette::node {
namespace {

struct Kind {
  std::string_view name;
  std::string_view name_of_bytes;
  MemoryUse use;
};

}  // namespace

Fields memory_fields(const MemoryReport& report) {
  const Kind kinds[] = {
      {"masters", "masters-bytes", report.state.primaries},
      {"replicas", "replicas-bytes", report.state.replicas},
      {"sentinels", "sentinels-bytes", report.state.sentinels},
      {"peers", "peers-bytes", report.state.peers},
      {"info-texts", "info-texts-bytes", report.info_texts},
      {"links", "links-bytes", report.links},
      {"link-buffers", "link-buffers-bytes", report.link_buffers},
      {"clients", "clients-bytes", report.clients},
      {"saved-masters", "configuration-bytes", report.configuration},
      {"log-lines", "log-bytes", report.log},
  };
  Fields fields;
  fields.add("resident-bytes", report.process.resident_bytes);
  fields.add("allocated-bytes", report.process.allocated_bytes);
  fields.add("free-bytes", report.process.free_bytes);
  std::size_t counted = 0;
  for (const Kind& kind : kinds) {
    fields.add(kind.name, kind.use.count);
    fields.add(kind.name_of_bytes, kind.use.bytes);
    counted += kind.use.bytes;
  }
  fields.add("rest-bytes", report.process.allocated_bytes - std::min(counted, report.process.allocated_bytes));
  return fields;
}

}  // namespace vedette::node
