// What data a simulated server has, without the data: a place in a tree of histories.
//
// Whoever becomes a primary begins a history of its own, a branch of the one that it had followed; whoever follows
// takes over its primary's. A write is a place too. So it can be said at the end, for any number of writes, which of
// them the last primary has and which were lost, at the cost of one entry per promotion.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/rng.h"

namespace vedette::sim {

struct Place {
  std::size_t history = 0;   // in `Histories`
  std::uint64_t offset = 0;  // of replication, as INFO shows it

  bool operator==(const Place&) const = default;
};

class Histories {
 public:
  explicit Histories(SplitMix64 rng) : rng_(rng) {}

  // A new history, which is a branch of another, or begins with nothing.
  std::size_t begin(std::optional<Place> parent);

  const std::string& replication_id(std::size_t history) const { return branches_[history].replication_id; }
  std::optional<std::size_t> find(const std::string& replication_id) const;

  // Is what was written at `write` among the data of a server that is at `where`?
  bool includes(Place where, Place write) const;

  std::size_t size() const { return branches_.size(); }

 private:
  struct Branch {
    std::string replication_id;
    std::optional<Place> parent;
  };
  SplitMix64 rng_;
  std::vector<Branch> branches_;
};

}  // namespace vedette::sim
