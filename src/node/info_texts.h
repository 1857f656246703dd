// The last INFO of each server as it came, for SENTINEL INFO-CACHE. Some five kilobytes each, of thousands of servers,
// and hardly ever asked for; so they are kept packed, by what they have in common with another one of the same version.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/ids.h"
#include "base/memory_use.h"
#include "base/packing.h"

namespace vedette::node {

class InfoTexts {
 public:
  // A shorter one is kept as it is: there is little to be gained.
  static constexpr std::size_t kLeastPackedBytes = 1024;
  // Versions of servers of which one text is kept whole. What is of none of them, or longer, is packed by itself.
  static constexpr std::size_t kMaxModels = 8;
  static constexpr std::size_t kMaxModelBytes = 64U << 10;

  // Instead of what it said before. How long a text may be is for the decoder of replies to say.
  void keep(InstanceId server, std::string_view text);
  void forget(InstanceId server) { texts_.erase(server); }

  // Nullopt: it has said nothing yet.
  std::optional<std::string> of(InstanceId server) const;

  std::size_t models() const { return models_.size(); }
  // Of all texts as they are kept, and of the models. Looks at each, as does the next.
  std::size_t text_bytes() const;
  // With all that it takes to keep them.
  MemoryUse memory() const;

 private:
  using Model = std::shared_ptr<const std::string>;
  struct Text {
    std::string bytes;
    std::optional<std::size_t> unpacked_size;  // nullopt: it is not packed
    Model model;                               // null: packed by itself
  };

  Model model_for(std::string_view text);

  Packer packer_;
  std::unordered_map<InstanceId, Text> texts_;
  std::map<std::string, Model, std::less<>> models_;  // by version
};

}  // namespace vedette::node
