// A decoded RESP value, of either protocol version, as a plain tree.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vedette::resp {

// What every line of the protocol ends with.
inline constexpr std::string_view kLineEnd = "\r\n";

enum class Type : std::uint8_t {
  kSimpleString,  // +
  kError,         // - and, in RESP3, the bulk error !
  kInteger,       // :
  kBulkString,    // $
  kArray,         // *
  kNull,          // $-1, *-1 and, in RESP3, _
  kDouble,        // ,
  kBoolean,       // #
  kBigNumber,     // (
  kVerbatim,      // =  (the three-letter format and its colon are dropped)
  kMap,           // %  (`elements` alternates keys and values)
  kSet,           // ~
  kPush,          // >
};

struct Value {
  Type type = Type::kNull;
  std::string text{};             // strings, errors, big numbers, and the digits of doubles
  std::int64_t integer = 0;       // integers; 0 or 1 for booleans
  std::vector<Value> elements{};  // arrays, maps, sets, pushes

  bool operator==(const Value&) const = default;

  bool is(Type wanted) const { return type == wanted; }
  bool is_text() const { return type == Type::kSimpleString || type == Type::kBulkString || type == Type::kVerbatim; }
  bool is_error() const { return type == Type::kError; }
  bool is_sequence() const { return type == Type::kArray || type == Type::kPush || type == Type::kSet; }
};

}  // namespace vedette::resp
