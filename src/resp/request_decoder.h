// Incremental decoder of what clients send: arrays of bulk strings, or inline commands.
//
// Bytes in, whole requests out, however the bytes are cut, in linear time and bounded memory: an announced length
// reserves nothing before its bytes arrive. Which streams are refused, and with which words, is what redis-server 7.0
// does, down to its leniency: a header ends at CR and any byte, an argument at any two. Nothing is known of commands.
// After an error the stream has lost its framing: the decoder is dead, and the connection is to be closed once the
// error has been sent.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "resp/input_buffer.h"

namespace vedette::resp {

struct RequestLimits {
  std::size_t max_inline_bytes = 64U << 10;  // an inline command or a header, up to its line's end
  std::size_t max_arguments = 1U << 20;      // of one request
  std::size_t max_bulk_bytes = 512U << 20;   // one argument
  std::size_t max_total_bytes = 1U << 30;    // one request with what each argument costs in memory

  // Until a client has authenticated, where it must, these hold as well.
  bool authenticated = true;
  std::size_t max_unauthenticated_arguments = 10;
  std::size_t max_unauthenticated_bulk_bytes = 16U << 10;
};

class RequestDecoder {
 public:
  explicit RequestDecoder(RequestLimits limits = {}) : limits_(limits) {}

  // Holds for everything that `next` has not looked at yet, whether fed or not.
  void set_limits(RequestLimits limits) { limits_ = limits; }

  // Takes bytes from the connection. Call `next` until it has no more before feeding again: fed bytes wait until then.
  void feed(std::string_view bytes);

  // The next request's arguments (at least one: blank lines and empty arrays are skipped); nullopt when more bytes are
  // needed; the error to send ("Protocol error: ...", without "ERR ") before closing.
  Result<std::optional<std::vector<std::string>>> next();

  // What is held of an incomplete request, in bytes of memory: what a slow or hostile client costs us.
  std::size_t buffered_bytes() const { return input_.rest().size() + held_bytes_; }

 private:
  // Each reads one piece; false when it needs more bytes or has failed.
  bool read_piece();
  bool read_inline();
  bool read_array_header();
  bool read_bulk_header();
  bool read_bulk();

  // The bytes up to `end`, which is one byte; nullopt when they have not all arrived, or are too many.
  std::optional<std::string_view> read_line(std::string_view end, std::string_view too_long);
  bool fail(std::string_view message);

  RequestLimits limits_;
  InputBuffer input_;
  std::vector<std::string> arguments_;       // the last one is being read if `bulk_missing_`
  std::size_t arguments_missing_ = 0;        // arguments whose header has not been read
  std::optional<std::size_t> bulk_missing_;  // bytes of the argument still to come, without its end
  std::size_t held_bytes_ = 0;               // what `arguments_` costs, announced bytes not among it
  std::optional<Error> error_;
};

}  // namespace vedette::resp
