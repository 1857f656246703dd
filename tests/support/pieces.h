// Feeds bytes to a decoder in pieces and collects all that comes out: decoders must not care how a stream is cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace vedette::testing {

template <typename Item>
struct Decoded {
  std::vector<Item> items;
  std::optional<std::string> error;  // why decoding ended, if it did
  bool operator==(const Decoded&) const = default;
};

// The pieces are `cuts` bytes long, taken in turn and over again, each at least one byte; no cuts: all at once.
template <typename Decoder>
auto decode_in_pieces(Decoder decoder, std::string_view bytes, const std::vector<std::uint8_t>& cuts) {
  using Item = std::remove_reference_t<decltype(*decoder.next().value())>;
  Decoded<Item> decoded;
  std::size_t turn = 0;
  do {
    const std::size_t size = cuts.empty() ? bytes.size() : 1U + cuts[turn++ % cuts.size()];
    decoder.feed(bytes.substr(0, size));
    bytes.remove_prefix(size < bytes.size() ? size : bytes.size());
    while (!decoded.error) {
      auto next = decoder.next();
      if (!next) {
        decoded.error = next.error().message;
      } else if (*next) {
        decoded.items.push_back(**std::move(next));
      } else {
        break;
      }
    }
  } while (!bytes.empty());
  return decoded;
}

}  // namespace vedette::testing
