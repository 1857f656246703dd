#include "net/file_store.h"

#include <gtest/gtest.h>

#include <optional>

#include "net/files.h"
#include "net/test_world.h"

namespace vedette::net {
namespace {

class FileStoreTest : public testing::Test {
 protected:
  TemporaryDirectory directory;
  std::string path = directory / "sentinel.conf";
  asio::io_context loop;
  std::vector<Status> results;
  FileStore store{loop, path, [this](const Status& result) { results.push_back(result); }};
};

TEST_F(FileStoreTest, TellsOnTheLoopWhenTheTextIsDurable) {
  store.save("text");
  EXPECT_TRUE(results.empty()) << "told from within the call";
  run_until(loop, [&] { return !results.empty(); });
  EXPECT_TRUE(results[0].ok());
  EXPECT_EQ(read_file(path, 100).value(), "text");
}

TEST_F(FileStoreTest, TellsOfAFailureAndSucceedsWhenTheCauseIsGone) {
  std::filesystem::remove(directory.path());
  store.save("first");
  run_until(loop, [&] { return results.size() == 1; });
  EXPECT_FALSE(results[0].ok());

  std::filesystem::create_directory(directory.path());
  store.save("second");
  run_until(loop, [&] { return results.size() == 2; });
  EXPECT_TRUE(results[1].ok());
  EXPECT_EQ(read_file(path, 100).value(), "second");
}

TEST_F(FileStoreTest, TheLastSaveWinsOverOneUnderWay) {
  store.save(std::string(1U << 20, 'x'));
  ASSERT_TRUE(store.save_last("last").ok());
  EXPECT_EQ(read_file(path, 100).value(), "last");
}

}  // namespace
}  // namespace vedette::net
