#include "core/lineage.h"

#include <algorithm>

namespace vedette::core {
namespace {

void remember(std::vector<std::string>& earlier, const std::string& id) {
  if (id.empty()) return;
  std::erase(earlier, id);
  earlier.insert(earlier.begin(), id);
  if (earlier.size() > kMaxEarlierHistories) earlier.pop_back();
}

}  // namespace

void note_history(Histories& histories, const proto::InfoReport& leader) {
  if (leader.replication_id.empty()) return;
  if (leader.replication_id != histories.present) {
    remember(histories.earlier, histories.before);
    remember(histories.earlier, histories.present);
    histories.present = leader.replication_id;
  }
  histories.before = leader.replication_id_before;
}

Lineage lineage_of(const proto::InfoReport& server, const Histories& histories) {
  if (server.replication_id.empty() || histories.present.empty()) return Lineage::kUnknown;
  const auto is_earlier = [&](const std::string& id) {
    return std::find(histories.earlier.begin(), histories.earlier.end(), id) != histories.earlier.end();
  };
  if (server.replication_id == histories.present || server.replication_id == histories.before ||
      server.replication_id_before == histories.present) {
    return Lineage::kPresent;
  }
  return is_earlier(server.replication_id) || is_earlier(server.replication_id_before) ? Lineage::kEarlier
                                                                                       : Lineage::kForeign;
}

}  // namespace vedette::core
