// A map of names and values in the order in which they are added, as SENTINEL shows what it knows: all values are
// strings, or lists of such maps.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "resp/writer.h"

namespace vedette::node {

class Fields {
 public:
  // `name` must outlive this.
  template <typename T>
  void add(std::string_view name, const T& value) {
    fields_.emplace_back(name, fmt::format("{}", value));
  }
  void add_list(std::string_view name, std::vector<Fields> maps) { fields_.emplace_back(name, std::move(maps)); }

  void write(resp::Writer& reply) const {
    reply.map(fields_.size());
    for (const auto& [name, value] : fields_) {
      reply.bulk(name);
      if (const auto* text = std::get_if<std::string>(&value)) {
        reply.bulk(*text);
        continue;
      }
      const auto& maps = std::get<std::vector<Fields>>(value);
      reply.array(maps.size());
      for (const Fields& map : maps) map.write(reply);
    }
  }

 private:
  std::vector<std::pair<std::string_view, std::variant<std::string, std::vector<Fields>>>> fields_;
};

}  // namespace vedette::node
