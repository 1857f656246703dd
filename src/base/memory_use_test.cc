#include "base/memory_use.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <unordered_map>

namespace vedette {
namespace {

std::size_t asked_for = 0;  // bytes that are allocated now

template <typename T>
struct CountingAllocator {
  using value_type = T;
  CountingAllocator() = default;
  template <typename Other>
  explicit(false) CountingAllocator(const CountingAllocator<Other>&) {}
  T* allocate(std::size_t count) {
    asked_for += count * sizeof(T);
    return std::allocator<T>().allocate(count);
  }
  void deallocate(T* block, std::size_t count) {
    asked_for -= count * sizeof(T);
    std::allocator<T>().deallocate(block, count);
  }
  bool operator==(const CountingAllocator&) const = default;
};

TEST(MemoryUse, OfAText) {
  EXPECT_EQ(heap_of(std::string()), 0U);
  EXPECT_EQ(heap_of(std::string(15, 'x')), 0U);
  EXPECT_EQ(heap_of(std::string(16, 'x')), 17U);
  EXPECT_EQ(heap_of(std::string(1000, 'x')), 1001U);
  std::string cleared(1000, 'x');
  cleared.clear();
  EXPECT_EQ(heap_of(cleared), 1001U) << "it keeps its memory";
}

TEST(MemoryUse, OfTrees) {
  std::map<std::uint64_t, std::string, std::less<>, CountingAllocator<std::pair<const std::uint64_t, std::string>>> map;
  for (std::uint64_t i = 1; i <= 3; ++i) map[i] = "short";
  EXPECT_EQ(tree_of(map), asked_for);
  map.clear();
  std::set<std::uint32_t, std::less<>, CountingAllocator<std::uint32_t>> set{1, 2, 3};
  EXPECT_EQ(tree_of(set), asked_for);
}

TEST(MemoryUse, OfTables) {
  std::unordered_map<std::uint64_t, std::string, std::hash<std::uint64_t>, std::equal_to<>,
                     CountingAllocator<std::pair<const std::uint64_t, std::string>>>
      table;
  for (std::uint64_t i = 0; i < 1000; ++i) table[i] = "short";
  EXPECT_EQ(table_of(table), asked_for);
}

TEST(MemoryUse, OfAnArray) {
  std::vector<std::uint32_t> array;
  array.reserve(100);
  array.push_back(1);
  EXPECT_EQ(array_of(array), 400U) << "what is reserved counts";
}

}  // namespace
}  // namespace vedette
