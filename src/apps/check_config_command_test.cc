#include "apps/check_config_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vedette::apps {
namespace {

TEST(CheckConfig, AFileThatIsNotThere) {
  std::string report;
  EXPECT_EQ(check_config("/no/such/file", report), 1);
  EXPECT_EQ(report, "Fatal error, can't open config file '/no/such/file': No such file or directory\n");
}

}  // namespace
}  // namespace vedette::apps
