// How much memory containers take: the bytes that they have asked of the allocator, which takes some more itself. What
// their elements hold beyond that is counted by those who know them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace vedette {

struct MemoryUse {
  std::size_t count = 0;  // of the things
  std::size_t bytes = 0;  // that they take together
};

// A short text is within the string itself.
inline std::size_t heap_of(const std::string& text) {
  const std::size_t within = std::string().capacity();
  return text.capacity() > within ? text.capacity() + 1 : 0;
}

// A map or a set.
template <typename Tree>
std::size_t tree_of(const Tree& tree) {
  struct Node {
    std::size_t colour;
    void* links[3];
    alignas(typename Tree::value_type) std::byte value[sizeof(typename Tree::value_type)];
  };
  return tree.size() * sizeof(Node);
}

// An unordered map or set of keys whose hash is cheap, so that it is not kept.
template <typename Table>
std::size_t table_of(const Table& table) {
  struct Node {
    void* next;
    alignas(typename Table::value_type) std::byte value[sizeof(typename Table::value_type)];
  };
  return table.size() * sizeof(Node) + table.bucket_count() * sizeof(void*);
}

template <typename Element>
std::size_t array_of(const std::vector<Element>& vector) {
  return vector.capacity() * sizeof(Element);
}

}  // namespace vedette
