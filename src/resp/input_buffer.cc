#include "resp/input_buffer.h"

#include "base/check.h"
#include "base/memory.h"

namespace vedette::resp {

void InputBuffer::append(std::string_view bytes) {
  // Moving the rest to the front pays off once at least as many bytes have been consumed as have to be moved.
  if (begin_ > bytes_.size() / 2) {
    bytes_.erase(0, begin_);
    begin_ = 0;
  }
  bytes_.append(bytes);
}

void InputBuffer::consume(std::size_t count) {
  VEDETTE_CHECK(count <= bytes_.size() - begin_, "consumed more bytes than there are");
  begin_ += count;
  searched_ = 0;
  if (begin_ == bytes_.size()) clear();
}

std::optional<std::size_t> InputBuffer::find(std::string_view delimiter) {
  const std::string_view bytes = rest();
  const std::size_t found = bytes.find(delimiter, searched_);
  if (found != std::string_view::npos) return found;
  if (bytes.size() >= delimiter.size()) searched_ = bytes.size() - delimiter.size() + 1;
  return std::nullopt;
}

void InputBuffer::clear() {
  give_back(bytes_);
  begin_ = 0;
  searched_ = 0;
}

}  // namespace vedette::resp
