#include "apps/demo/workspace.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace vedette::demo {
namespace {

TEST(Workspace, IsRemovedWithAllThatIsInIt) {
  std::string path;
  {
    const auto workspace = Workspace::create();
    ASSERT_TRUE(workspace);
    path = workspace.value().path();
    const auto directory = workspace.value().subdirectory("server");
    ASSERT_TRUE(directory);
    std::ofstream(directory.value() + "/file") << "text";
    EXPECT_TRUE(std::filesystem::exists(directory.value() + "/file"));
    EXPECT_TRUE(workspace.value().subdirectory("server")) << "it may be there already";
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Workspace, OutlivesBeingMoved) {
  auto workspace = Workspace::create();
  ASSERT_TRUE(workspace);
  const Workspace moved = *std::move(workspace);
  EXPECT_TRUE(std::filesystem::is_directory(moved.path()));
}

}  // namespace
}  // namespace vedette::demo
