#include "tests/support/script_line.h"

#include "base/text.h"

namespace vedette::testing {

Address parse_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const auto port = parse_integer<std::uint16_t>(text.substr(std::min(colon, text.size() - 1) + 1));
  if (colon == std::string_view::npos || !port) throw std::invalid_argument("no address: " + std::string(text));
  return {std::string(text.substr(0, colon)), *port};
}

std::uint64_t parse_number(std::string_view text) {
  const auto number = parse_integer<std::uint64_t>(text);
  if (!number) throw std::invalid_argument("no number: " + std::string(text));
  return *number;
}

ScriptLine::ScriptLine(std::string_view text) {
  for (const std::string_view word : split(text, ' ')) {
    if (word.empty()) continue;
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos) {
      words_.emplace_back(word);
    } else {
      options_.emplace(word.substr(0, equals), word.substr(equals + 1));
    }
  }
}

const std::string& ScriptLine::word(std::size_t index) const {
  if (index >= words_.size()) throw std::invalid_argument("a word is missing");
  return words_[index];
}

Address ScriptLine::address(std::size_t index) const { return parse_address(word(index)); }

bool ScriptLine::has(const std::string& option) const {
  seen_.insert(option);
  return options_.contains(option);
}

const std::string& ScriptLine::option(const std::string& name) const {
  if (!has(name)) throw std::invalid_argument(name + "= is missing");
  return options_.at(name);
}

Address ScriptLine::address_option(const std::string& name) const { return parse_address(option(name)); }
std::uint64_t ScriptLine::number(const std::string& name) const { return parse_number(option(name)); }

char ScriptLine::digit(const std::string& name) const {
  if (option(name).size() != 1) throw std::invalid_argument(name + "= wants one digit");
  return option(name).front();
}

bool ScriptLine::yes(const std::string& name) const { return option(name) == "yes"; }

void ScriptLine::refuse_rest() const {
  for (const auto& [name, value] : options_) {
    if (!seen_.contains(name)) throw std::invalid_argument("unknown option " + name);
  }
}

}  // namespace vedette::testing
