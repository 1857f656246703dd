// What data a simulated server has, without the data: a place in a tree of histories.
//
// Whoever becomes a primary begins a history of its own, a branch of the one that it had followed; whoever follows
// takes over its primary's. A write is a place too, and adds one key. So it can be said at the end, for any number of
// writes, which of them the last primary has and which were lost, and at any time how many keys a server has, at the
// cost of one entry per promotion.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
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
  static constexpr std::uint64_t kWriteBytes = 100;  // by which a write moves the offset

  explicit Histories(SplitMix64 rng) : rng_(rng) {}

  // A new history, which is a branch of another, or begins with nothing.
  std::size_t begin(std::optional<Place> parent);
  // One that has the data of another, but counts its offsets from 0: its first place.
  Place begin_anew(Place data);
  // One that begins with data of its own, at this offset.
  Place begin_with(std::uint64_t keys, std::uint64_t offset);

  const std::string& replication_id(std::size_t history) const { return branches_[history].replication_id; }
  std::optional<std::size_t> find(const std::string& replication_id) const;

  // Is what was written at `write` among the data of a server that is at `where`?
  bool includes(Place where, Place write) const;
  std::uint64_t keys_at(Place where) const;

  // A client has written to it.
  void add_author(std::size_t history, std::string_view client) { branches_[history].authors.emplace(client); }
  // The clients that wrote to this history and to those that it branched off.
  std::set<std::string> authors_at(Place where) const;

  std::size_t size() const { return branches_.size(); }

 private:
  struct Branch {
    std::string replication_id;
    std::optional<Place> parent;
    std::uint64_t first_keys = 0;  // that it began with
    std::uint64_t first_offset = 0;
    std::set<std::string, std::less<>> authors;
  };
  std::size_t add(std::optional<Place> parent, std::uint64_t keys, std::uint64_t offset);

  SplitMix64 rng_;
  std::vector<Branch> branches_;
};

}  // namespace vedette::sim
