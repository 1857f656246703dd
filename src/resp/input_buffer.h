// Bytes received and not yet consumed, from which a decoder takes lines and payloads.
//
// Linear in the bytes appended: what was consumed is dropped in amortised constant time per byte, and a search for the
// end of a line goes on where the last one stopped, however small the pieces in which the line arrives.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/memory_use.h"

namespace vedette::resp {

class InputBuffer {
 public:
  void append(std::string_view bytes);

  // Valid until the next append, consume or clear.
  std::string_view rest() const { return std::string_view(bytes_).substr(begin_); }

  // Drops the first `count` bytes of `rest()`; it is an error to ask for more than there are.
  void consume(std::size_t count);

  // Where `delimiter` starts in `rest()`. Between two calls of consume, always search for the same one.
  std::optional<std::size_t> find(std::string_view delimiter);

  // Forgets everything and gives its memory back.
  void clear();

  // The memory that it holds, in bytes: none when nothing waits.
  std::size_t heap_bytes() const { return heap_of(bytes_); }

 private:
  std::string bytes_;
  std::size_t begin_ = 0;     // the first byte not consumed
  std::size_t searched_ = 0;  // no delimiter starts before this offset of rest()
};

}  // namespace vedette::resp
