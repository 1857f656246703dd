// Texts made small by what they have in common with a model: of two INFOs of servers of one kind, little but the
// numbers differs. Done by Zstandard; nothing else knows of it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace vedette {

class Packer {
 public:
  Packer();
  ~Packer();
  Packer(const Packer&) = delete;
  Packer& operator=(const Packer&) = delete;

  // What gives `text` again together with the same model, which may be empty.
  std::string pack(std::string_view text, std::string_view model);

  // The memory that it works with, in bytes.
  std::size_t memory() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// It is an error if `packed` is not what `pack` made of a text of this size with this model.
std::string unpack(std::string_view packed, std::size_t size, std::string_view model);

}  // namespace vedette
