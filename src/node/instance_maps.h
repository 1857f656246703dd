// How SENTINEL MASTER, REPLICAS and SENTINELS show an instance: a map of strings whose fields and order are a contract
// with every client library and exporter. Shows only; changes and decides nothing.
#pragma once

#include "core/state.h"
#include "node/serving.h"
#include "resp/writer.h"

namespace vedette::node {

void write_primary(resp::Writer& reply, const View& view, const core::Primary& primary, Instant now);
void write_replica(resp::Writer& reply, const View& view, const core::Primary& primary, const core::Replica& replica,
                   Instant now);
void write_sentinel(resp::Writer& reply, const View& view, const core::Primary& primary, const core::Sentinel& sentinel,
                    Instant now);

}  // namespace vedette::node
