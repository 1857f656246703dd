#include "core/lineage.h"

#include <gtest/gtest.h>

namespace vedette::core {
namespace {

proto::InfoReport report_of(std::string id, std::string before) {
  proto::InfoReport info;
  info.replication_id = std::move(id);
  info.replication_id_before = std::move(before);
  return info;
}

Histories histories_of(const std::vector<proto::InfoReport>& reports) {
  Histories histories;
  for (const proto::InfoReport& info : reports) note_history(histories, info);
  return histories;
}

TEST(Lineage, IsSharedByThoseWhoHadOneHistoryNowOrJustBefore) {
  EXPECT_EQ(lineage_of(report_of("x", ""), histories_of({report_of("x", "")})), Lineage::kPresent);
  EXPECT_EQ(lineage_of(report_of("x", ""), histories_of({report_of("y", "x")})), Lineage::kPresent);  // just promoted
  EXPECT_EQ(lineage_of(report_of("y", "x"), histories_of({report_of("x", "")})), Lineage::kPresent);  // itself
  EXPECT_EQ(lineage_of(report_of("x", ""), histories_of({report_of("y", "")})), Lineage::kForeign);
  EXPECT_EQ(lineage_of(report_of("", ""), histories_of({report_of("y", "")})), Lineage::kUnknown);
  EXPECT_EQ(lineage_of(report_of("x", ""), Histories{}), Lineage::kUnknown);
}

TEST(Lineage, OfAPrimaryThatBeganAnewGoesOnInThoseWhoHaveItsEarlierHistory) {
  const Histories histories = histories_of({report_of("b", "a"), report_of("c", "")});
  EXPECT_EQ(lineage_of(report_of("c", ""), histories), Lineage::kPresent);
  EXPECT_EQ(lineage_of(report_of("b", ""), histories), Lineage::kEarlier);
  EXPECT_EQ(lineage_of(report_of("a", ""), histories), Lineage::kEarlier);
  EXPECT_EQ(lineage_of(report_of("d", "b"), histories), Lineage::kEarlier);  // promoted from it
  EXPECT_EQ(lineage_of(report_of("e", ""), histories), Lineage::kForeign);
}

TEST(Lineage, ReachesBackSoFar) {
  std::vector<proto::InfoReport> reports;
  for (std::size_t i = 0; i <= kMaxEarlierHistories + 1; ++i) reports.push_back(report_of(std::to_string(i), ""));
  EXPECT_EQ(lineage_of(report_of("0", ""), histories_of(reports)), Lineage::kForeign);
  EXPECT_EQ(lineage_of(report_of("1", ""), histories_of(reports)), Lineage::kEarlier);
}

}  // namespace
}  // namespace vedette::core
