#include "base/packing.h"

#include <gtest/gtest.h>

namespace vedette {
namespace {

// As INFO is: many names, each with a number of its own.
std::string report(int seed) {
  std::string text;
  for (int i = 0; i < 200; ++i) {
    text += "some_statistic_" + std::to_string(i * 7919) + ":" + std::to_string(seed * (i + 1) * 31) + "\r\n";
  }
  return text;
}

TEST(Packing, GivesBackEveryByte) {
  Packer packer;
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);
  for (const std::string& model : {std::string(), std::string("x"), report(1)}) {
    for (const std::string& text : {std::string(), std::string("x"), every_byte, report(1), report(2)}) {
      EXPECT_EQ(unpack(packer.pack(text, model), text.size(), model), text);
    }
  }
}

TEST(Packing, ATextLikeItsModelTakesLittle) {
  Packer packer;
  const std::string text = report(2);
  const std::size_t alone = packer.pack(text, {}).size();
  EXPECT_LT(alone, text.size() / 2);
  EXPECT_LT(packer.pack(text, report(1)).size(), alone * 3 / 4);
  EXPECT_LT(packer.pack(text, std::string(text)).size(), text.size() / 10);
}

TEST(Packing, ALargeTextIsPackedToo) {
  Packer packer;
  std::string text;
  while (text.size() < (4U << 20)) text += report(static_cast<int>(text.size()));
  const std::string packed = packer.pack(text, report(1));
  EXPECT_LT(packed.size(), text.size());
  EXPECT_EQ(unpack(packed, text.size(), report(1)), text);
}

TEST(PackingDeathTest, WhatIsNotOfThisModelIsAnError) {
  Packer packer;
  const std::string packed = packer.pack(report(2), report(1));
  EXPECT_DEATH(unpack(packed, report(2).size(), "another"), "Zstandard|size");
  EXPECT_DEATH(unpack(packed, report(2).size() - 1, report(1)), "Zstandard|size");
}

}  // namespace
}  // namespace vedette
