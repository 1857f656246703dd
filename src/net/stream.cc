#include "net/stream.h"

namespace vedette::net {

void Stream::close() {
  error_code error;
  socket_.close(error);
}

Step PlainStream::read_some(std::span<char> buffer) {
  Step step;
  step.size = socket().read_some(asio::buffer(buffer.data(), buffer.size()), step.error);
  return step;
}

Step PlainStream::write_some(std::string_view bytes) {
  Step step;
  step.needs = Socket::wait_write;
  step.size = socket().write_some(asio::buffer(bytes), step.error);
  return step;
}

Step PlainStream::end_output() {
  Step step;
  socket().shutdown(Socket::shutdown_send, step.error);
  return step;
}

}  // namespace vedette::net
