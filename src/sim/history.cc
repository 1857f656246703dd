#include "sim/history.h"

#include "sim/random_streams.h"

namespace vedette::sim {

std::size_t Histories::add(std::optional<Place> parent, std::uint64_t keys, std::uint64_t offset) {
  branches_.push_back({random_run_id(rng_).hex, parent, keys, offset, {}});
  return branches_.size() - 1;
}

std::size_t Histories::begin(std::optional<Place> parent) {
  return add(parent, parent ? keys_at(*parent) : 0, parent ? parent->offset : 0);
}

Place Histories::begin_anew(Place data) { return {add(data, keys_at(data), 0), 0}; }

Place Histories::begin_with(std::uint64_t keys, std::uint64_t offset) {
  return {add(std::nullopt, keys, offset), offset};
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

std::uint64_t Histories::keys_at(Place where) const {
  const Branch& branch = branches_[where.history];
  return branch.first_keys + (where.offset - branch.first_offset) / kWriteBytes;
}

std::set<std::string> Histories::authors_at(Place where) const {
  std::set<std::string> authors;
  for (std::optional<Place> place = where; place; place = branches_[place->history].parent) {
    const Branch& branch = branches_[place->history];
    authors.insert(branch.authors.begin(), branch.authors.end());
  }
  return authors;
}

}  // namespace vedette::sim
