// RapidCheck generators of RESP values and of damaged streams.
#pragma once

#include <rapidcheck.h>

#include <string>
#include <utility>
#include <vector>

#include "resp/value.h"

namespace vedette::testing {

// Text of any bytes, but without what would end a line.
inline rc::Gen<std::string> line_text() {
  return rc::gen::container<std::string>(
      rc::gen::suchThat(rc::gen::arbitrary<char>(), [](char c) { return c != '\r' && c != '\n'; }));
}

inline rc::Gen<resp::Value> value_of(resp::Type type, rc::Gen<std::string> text) {
  return rc::gen::map(std::move(text),
                      [type](std::string content) { return resp::Value{.type = type, .text = std::move(content)}; });
}

inline rc::Gen<resp::Value> number_of(resp::Type type, rc::Gen<std::int64_t> number) {
  return rc::gen::map(std::move(number), [type](std::int64_t n) { return resp::Value{.type = type, .integer = n}; });
}

inline rc::Gen<resp::Value> null_value() { return rc::gen::just(resp::Value{}); }

inline rc::Gen<std::string> big_number_text() {
  return rc::gen::map(rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange('0', '9'))),
                      [](std::string digits) { return "-" + std::move(digits); });
}

// What RESP2 can write; errors have one line only.
inline rc::Gen<resp::Value> resp2_scalar() {
  using resp::Type;
  return rc::gen::oneOf(value_of(Type::kSimpleString, line_text()), value_of(Type::kError, line_text()),
                        value_of(Type::kBulkString, rc::gen::arbitrary<std::string>()),
                        number_of(Type::kInteger, rc::gen::arbitrary<std::int64_t>()), null_value());
}

inline rc::Gen<resp::Value> resp3_scalar() {
  using resp::Type;
  return rc::gen::oneOf(value_of(Type::kError, rc::gen::arbitrary<std::string>()),
                        value_of(Type::kVerbatim, rc::gen::arbitrary<std::string>()),
                        value_of(Type::kBigNumber, big_number_text()),
                        value_of(Type::kDouble, rc::gen::element<std::string>("1.5", "-inf", "nan", "1e-7", "0")),
                        number_of(Type::kBoolean, rc::gen::inRange<std::int64_t>(0, 2)));
}

constexpr int kMaxElements = 5;  // of one aggregate: more makes nothing new, only slow

inline rc::Gen<resp::Value> aggregate_of(std::vector<resp::Type> types, const rc::Gen<resp::Value>& element) {
  const auto elements = rc::gen::mapcat(rc::gen::inRange(0, kMaxElements + 1), [element](int count) {
    return rc::gen::container<std::vector<resp::Value>>(static_cast<std::size_t>(count), element);
  });
  return rc::gen::map(rc::gen::pair(rc::gen::elementOf(std::move(types)), elements),
                      [](std::pair<resp::Type, std::vector<resp::Value>> parts) {
                        if (parts.first == resp::Type::kMap && parts.second.size() % 2 != 0) parts.second.pop_back();
                        return resp::Value{.type = parts.first, .elements = std::move(parts.second)};
                      });
}

inline rc::Gen<resp::Value> nested(const rc::Gen<resp::Value>& scalar, const std::vector<resp::Type>& aggregates,
                                   int depth) {
  if (depth == 0) return scalar;
  return rc::gen::oneOf(scalar, aggregate_of(aggregates, nested(scalar, aggregates, depth - 1)));
}

inline rc::Gen<resp::Value> resp2_value() { return nested(resp2_scalar(), {resp::Type::kArray}, 3); }

inline rc::Gen<resp::Value> any_value() {
  using resp::Type;
  return nested(rc::gen::oneOf(resp2_scalar(), resp3_scalar()), {Type::kArray, Type::kMap, Type::kSet, Type::kPush}, 3);
}

inline rc::Gen<std::vector<resp::Value>> several(const rc::Gen<resp::Value>& value) {
  return rc::gen::scale(0.5, rc::gen::container<std::vector<resp::Value>>(value));
}

// The stream as it is, or with some of its bytes replaced, mostly by bytes that mean something.
inline rc::Gen<std::string> damaged(std::string bytes) {
  using Damage = std::pair<std::size_t, char>;
  const auto byte =
      rc::gen::oneOf(rc::gen::elementOf(std::string("+-:$*_,#!=(%~>|?\r\n0129\"' ")), rc::gen::arbitrary<char>());
  return rc::gen::map(rc::gen::container<std::vector<Damage>>(rc::gen::pair(rc::gen::arbitrary<std::size_t>(), byte)),
                      [bytes = std::move(bytes)](const std::vector<Damage>& damages) {
                        std::string result = bytes;
                        for (const auto& [where, c] : damages) {
                          if (!result.empty()) result[where % result.size()] = c;
                        }
                        return result;
                      });
}

}  // namespace vedette::testing
