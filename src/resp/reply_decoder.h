// Incremental decoder of replies: RESP2 and RESP3, pushes among them.
//
// Bytes in, whole values out, however the bytes are cut: what has arrived of an unfinished value is kept decoded, on a
// stack of open aggregates, and never read again. Memory is bounded by the limits, and an announced length reserves
// nothing before its bytes arrive. After an error the stream has lost its framing: the decoder is dead and the
// connection must be closed. Attributes (`|`) are read and dropped. Streamed strings and aggregates (`$?`, `*?`), which
// no server sends, are refused.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/memory_use.h"
#include "base/result.h"
#include "resp/input_buffer.h"
#include "resp/value.h"

namespace vedette::resp {

// What an instance or a peer may send us. INFO of a primary with thousands of replicas is the largest.
struct ReplyLimits {
  std::size_t max_bulk_bytes = 16U << 20;   // one string
  std::size_t max_total_bytes = 32U << 20;  // one value with all that is in it, as it stands on the wire
  std::size_t max_elements = 1U << 20;      // elements of the whole value; a pair of a map counts twice
  std::size_t max_depth = 16;               // aggregates within aggregates
  std::size_t max_line_bytes = 64U << 10;   // simple strings, numbers, headers; without the line's end
};

class ReplyDecoder {
 public:
  explicit ReplyDecoder(ReplyLimits limits = {}) : limits_(limits) {}

  // Takes bytes from the connection. Call `next` until it has no more before feeding again: fed bytes wait until then.
  void feed(std::string_view bytes);

  // The next whole value; nullopt when more bytes are needed; an error when the stream cannot be RESP or exceeds a
  // limit (the message says which). After an error every call returns that error.
  Result<std::optional<Value>> next();

  // What is held of a value that is not complete, in bytes of memory: none in between.
  std::size_t buffered_bytes() const { return input_.heap_bytes() + value_bytes_ + array_of(stack_); }

 private:
  struct OpenAggregate {
    Value value;
    std::size_t missing = 0;  // elements still to come, at least 1
    bool is_attribute = false;
  };
  struct OpenBulk {
    Value value;
    std::size_t missing = 0;  // bytes still to come, without the line end
  };

  // Each reads one piece; false when it needs more bytes or has failed.
  bool read_piece() { return bulk_ ? read_bulk() : read_line(); }
  bool read_bulk();
  bool read_line();

  bool decode_line(char marker, std::string_view content);
  bool decode_boolean(std::string_view content);
  bool decode_text_if(bool well_formed, Type type, std::string_view content);
  bool decode_null(std::string_view content);
  bool decode_integer(std::string_view content);
  bool open_bulk(char marker, std::string_view content);
  bool open_aggregate(char marker, std::string_view content);
  std::optional<std::size_t> decode_length(std::string_view content);
  bool count_bytes(std::size_t bytes);

  // A value is complete: puts it into the innermost open aggregate, which may complete that one in turn.
  void finish(Value value);
  bool fail(std::string message);

  ReplyLimits limits_;
  InputBuffer input_;
  std::vector<OpenAggregate> stack_;  // outermost first
  std::optional<OpenBulk> bulk_;      // the string being read
  std::size_t value_bytes_ = 0;       // of the current top-level value, as far as it was read
  std::size_t value_elements_ = 0;    // announced so far within the current top-level value
  std::optional<Value> complete_;
  std::optional<Error> error_;
};

}  // namespace vedette::resp
