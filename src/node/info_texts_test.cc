#include "node/info_texts.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace vedette::node {
namespace {

constexpr InstanceId kServer{1};
constexpr InstanceId kOther{2};

// With `lines` numbers, which are others with each seed.
std::string info(std::string_view version, int seed, int lines = 150) {
  std::string text = fmt::format("# Server\r\nredis_version:{}\r\n", version);
  for (int i = 0; i < lines; ++i) text += fmt::format("some_statistic_{}:{}\r\n", i * 7919, seed * (i + 1) * 31);
  return text;
}

TEST(InfoTexts, GivesBackWhatEachServerSaidLast) {
  InfoTexts texts;
  EXPECT_EQ(texts.of(kServer), std::nullopt);
  texts.keep(kServer, info("7.0.15", 1));
  texts.keep(kOther, info("7.0.15", 2));
  EXPECT_EQ(texts.of(kServer), info("7.0.15", 1));
  EXPECT_EQ(texts.of(kOther), info("7.0.15", 2));
  texts.keep(kServer, info("7.0.15", 3));
  EXPECT_EQ(texts.of(kServer), info("7.0.15", 3));
  texts.forget(kServer);
  EXPECT_EQ(texts.of(kServer), std::nullopt);
  EXPECT_EQ(texts.of(kOther), info("7.0.15", 2));
}

TEST(InfoTexts, GivesBackTextsOfEverySize) {
  InfoTexts texts;
  std::string text;
  for (const std::size_t size : {std::size_t{0}, InfoTexts::kLeastPackedBytes - 1, InfoTexts::kLeastPackedBytes,
                                 InfoTexts::kMaxModelBytes, InfoTexts::kMaxModelBytes + 1}) {
    text.resize(size, 'x');
    texts.keep(kServer, text);
    EXPECT_EQ(texts.of(kServer), text);
    texts.keep(kOther, text + "y");
    EXPECT_EQ(texts.of(kOther), text + "y");
  }
}

TEST(InfoTexts, TextsOfOneVersionShareAModel) {
  InfoTexts texts;
  for (int i = 1; i <= 100; ++i) texts.keep(InstanceId{static_cast<std::uint64_t>(i)}, info("7.0.15", i));
  EXPECT_EQ(texts.models(), 1U);
  const std::size_t unpacked = 100 * info("7.0.15", 100).size();
  EXPECT_LT(texts.text_bytes(), unpacked / 3);
}

TEST(InfoTexts, ManyVersionsHaveNoModelOfTheirOwn) {
  InfoTexts texts;
  const auto version = [](std::uint64_t i) { return fmt::format("7.0.{}", i); };
  for (std::uint64_t i = 1; i <= InfoTexts::kMaxModels + 5; ++i) texts.keep(InstanceId{i}, info(version(i), 1));
  EXPECT_EQ(texts.models(), InfoTexts::kMaxModels);
  for (std::uint64_t i = 1; i <= InfoTexts::kMaxModels + 5; ++i) {
    EXPECT_EQ(texts.of(InstanceId{i}), info(version(i), 1));
  }
}

TEST(InfoTexts, AModelThatNothingIsPackedWithMakesRoom) {
  InfoTexts texts;
  for (std::uint64_t i = 1; i <= InfoTexts::kMaxModels; ++i) texts.keep(InstanceId{i}, info(fmt::format("6.{}", i), 1));
  for (std::uint64_t i = 1; i <= InfoTexts::kMaxModels; ++i) texts.forget(InstanceId{i});
  texts.keep(kServer, info("7.0.15", 1));
  EXPECT_EQ(texts.models(), 1U);
}

TEST(InfoTexts, AModelThatTellsLittleIsReplaced) {
  InfoTexts texts;
  texts.keep(kServer, info("7.0.15", 1, 50));
  texts.keep(kOther, info("7.0.15", 2, 400));
  texts.keep(InstanceId{3}, info("7.0.15", 3, 400));
  EXPECT_EQ(texts.models(), 1U);
  EXPECT_EQ(texts.of(kServer), info("7.0.15", 1, 50));
  EXPECT_EQ(texts.of(kOther), info("7.0.15", 2, 400));
  EXPECT_EQ(texts.of(InstanceId{3}), info("7.0.15", 3, 400));
}

TEST(InfoTexts, CountsWhatItKeeps) {
  InfoTexts texts;
  EXPECT_EQ(texts.text_bytes(), 0U);
  texts.keep(kServer, "short");
  EXPECT_EQ(texts.text_bytes(), 5U);
  texts.keep(kServer, info("7.0.15", 1));
  EXPECT_GT(texts.text_bytes(), info("7.0.15", 1).size()) << "the model, and what differs from it";
  texts.keep(kServer, "short");
  EXPECT_EQ(texts.text_bytes(), info("7.0.15", 1).size() + 5) << "the model stays for others of its version";
  texts.forget(kServer);
  EXPECT_EQ(texts.text_bytes(), info("7.0.15", 1).size());
}

}  // namespace
}  // namespace vedette::node
