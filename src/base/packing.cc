#include "base/packing.h"

#include <zstd.h>

#include <algorithm>

#include "base/check.h"

namespace vedette {
namespace {

// The quickest that looks for what is common at all. It costs some 20 microseconds for the INFO of a server.
constexpr int kLevel = 1;

std::size_t checked(std::size_t result) {
  VEDETTE_CHECK(ZSTD_isError(result) == 0, "Zstandard can do what it is asked");
  return result;
}

}  // namespace

struct Packer::Impl {
  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context{ZSTD_createCCtx(), &ZSTD_freeCCtx};
  std::string room;  // as large as the largest text needed
};

Packer::Packer() : impl_(std::make_unique<Impl>()) {
  ZSTD_CCtx* context = impl_->context.get();
  VEDETTE_CHECK(context != nullptr, "there is memory");
  checked(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, kLevel));
  checked(ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0));
}

Packer::~Packer() = default;

std::string Packer::pack(std::string_view text, std::string_view model) {
  ZSTD_CCtx* context = impl_->context.get();
  std::string& room = impl_->room;
  room.resize(std::max(room.size(), ZSTD_compressBound(text.size())));
  checked(ZSTD_CCtx_refPrefix(context, model.data(), model.size()));  // for this one text
  const std::size_t size = checked(ZSTD_compress2(context, room.data(), room.size(), text.data(), text.size()));
  return room.substr(0, size);
}

std::size_t Packer::memory() const { return ZSTD_sizeof_CCtx(impl_->context.get()) + impl_->room.capacity(); }

std::string unpack(std::string_view packed, std::size_t size, std::string_view model) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  VEDETTE_CHECK(context != nullptr, "there is memory");
  checked(ZSTD_DCtx_refPrefix(context.get(), model.data(), model.size()));
  std::string text(size, '\0');
  const std::size_t unpacked =
      checked(ZSTD_decompressDCtx(context.get(), text.data(), text.size(), packed.data(), packed.size()));
  VEDETTE_CHECK(unpacked == size, "a text has the size that it had");
  return text;
}

}  // namespace vedette
