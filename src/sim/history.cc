#include "sim/history.h"

#include "sim/random_streams.h"

namespace vedette::sim {

std::size_t Histories::begin(std::optional<Place> parent) {
  branches_.push_back({random_run_id(rng_).hex, parent});
  return branches_.size() - 1;
}

std::optional<std::size_t> Histories::find(const std::string& replication_id) const {
  for (std::size_t i = branches_.size(); i-- > 0;) {  // it is nearly always one of the last
    if (branches_[i].replication_id == replication_id) return i;
  }
  return std::nullopt;
}

bool Histories::includes(Place where, Place write) const {
  for (std::optional<Place> place = where; place; place = branches_[place->history].parent) {
    if (place->history == write.history) return write.offset <= place->offset;
    if (place->history < write.history) return false;  // a branch is younger than what it branches off
  }
  return false;
}

}  // namespace vedette::sim
