// Memory that containers hold, and giving it back.
#pragma once

#include <string>

namespace vedette {

// Empties a text and gives its memory back. That of a text that is cleared, or to which an empty one is assigned, stays
// with it.
inline void give_back(std::string& text) { std::string().swap(text); }

}  // namespace vedette
