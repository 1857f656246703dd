// The standard output as a file of the operating system.
#pragma once

#include <string_view>

#include "apps/demo/style.h"

namespace vedette::demo {

// Where lines go to; a test has its own.
class Output {
 public:
  virtual ~Output() = default;
  virtual void write(std::string_view text) = 0;
  virtual unsigned columns() const = 0;  // as wide as a line may be, now
};

class StandardOutput final : public Output {
 public:
  void write(std::string_view text) override;
  unsigned columns() const override;

  // Nobody reads it any more.
  bool closed() const { return closed_; }

 private:
  bool closed_ = false;
};

Surroundings surroundings_of_standard_output();

}  // namespace vedette::demo
