#include "net/random.h"

#include <sys/random.h>

#include <cerrno>

#include "base/check.h"

namespace vedette::net {
namespace {

void fill(void* bytes, std::size_t size) {
  ssize_t got = 0;
  do {
    got = getrandom(bytes, size, 0);
  } while (got < 0 && errno == EINTR);
  // Requests of up to 256 bytes are always served whole once the generator is seeded, which getrandom waits for.
  VEDETTE_CHECK(got >= 0 && static_cast<std::size_t>(got) == size, "the kernel gives no random bytes");
}

}  // namespace

std::uint64_t SystemRandom::next() {
  if (left_ == 0) {
    static_assert(sizeof pool_ <= 256);
    fill(pool_.data(), sizeof pool_);
    left_ = pool_.size();
  }
  return pool_[--left_];
}

RunId random_run_id() {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::array<unsigned char, RunId::kLength / 2> bytes{};
  fill(bytes.data(), bytes.size());
  RunId id;
  for (const unsigned char byte : bytes) {
    id.hex += kDigits[byte >> 4];
    id.hex += kDigits[byte & 15];
  }
  return id;
}

}  // namespace vedette::net
