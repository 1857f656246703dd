// Memory that containers hold, and giving it back.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace vedette {

// Empties a text and gives its memory back. That of a text that is cleared, or to which an empty one is assigned, stays
// with it.
inline void give_back(std::string& text) { std::string().swap(text); }

// Empties a list that is filled again and again: the memory of an ordinary filling stays with it, that of a rush does
// not.
template <typename Element>
void clear_and_keep_little(std::vector<Element>& list) {
  constexpr std::size_t kKeptBytes = 64U << 10;
  list.clear();
  if (list.capacity() * sizeof(Element) > kKeptBytes) std::vector<Element>().swap(list);
}

}  // namespace vedette
