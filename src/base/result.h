// `Result<T>`: a value, or an error that says what was wrong and what to do about it.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "base/check.h"

namespace vedette {

struct Error {
  std::string message;  // a whole sentence without its full stop, fit to be shown to a person
  bool operator==(const Error&) const = default;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}  // NOLINT(google-explicit-constructor): `return value;` reads well
  Result(Error error) : content_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return std::holds_alternative<T>(content_); }
  explicit operator bool() const { return ok(); }

  // It is an error to ask for the value of a failure, or for the error of a success.
  T& value() & {
    VEDETTE_CHECK(ok(), "value of a failed Result");
    return std::get<T>(content_);
  }
  const T& value() const& {
    VEDETTE_CHECK(ok(), "value of a failed Result");
    return std::get<T>(content_);
  }
  T&& value() && {
    VEDETTE_CHECK(ok(), "value of a failed Result");
    return std::get<T>(std::move(content_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const {
    VEDETTE_CHECK(!ok(), "error of a successful Result");
    return std::get<Error>(content_);
  }

 private:
  std::variant<T, Error> content_;
};

struct Ok {
  bool operator==(const Ok&) const = default;
};

// The result of something that yields nothing but success: `return Ok{};` or `return Error{"..."};`.
using Status = Result<Ok>;

}  // namespace vedette
