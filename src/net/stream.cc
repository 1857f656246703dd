#include "net/stream.h"

namespace vedette::net {

Step PlainStream::read_some(std::span<char> buffer) {
  Step step;
  step.size = socket().read_some(buffer, step.error);
  return step;
}

Step PlainStream::write_some(std::string_view bytes) {
  Step step;
  step.needs = Direction::kOutput;
  step.size = socket().write_some(bytes, step.error);
  return step;
}

Step PlainStream::end_output() {
  Step step;
  step.error = socket().end_output();
  return step;
}

}  // namespace vedette::net
