#include "resp/input_buffer.h"

#include <gtest/gtest.h>

namespace vedette::resp {
namespace {

// Every connection has one: with thousands of them that are idle, what each keeps is what counts.
TEST(InputBuffer, KeepsNoMemoryWhenAllIsConsumed) {
  InputBuffer buffer;
  for (const std::size_t size : {20U, 1000U, 100'000U}) {
    buffer.append(std::string(size, 'x'));
    EXPECT_GE(buffer.heap_bytes(), size);
    buffer.consume(size - 1);
    EXPECT_EQ(buffer.rest(), "x");
    buffer.consume(1);
    EXPECT_EQ(buffer.heap_bytes(), 0U);
  }
}

TEST(InputBuffer, GivesItsMemoryBackWhenCleared) {
  InputBuffer buffer;
  buffer.append(std::string(100'000, 'x'));
  buffer.clear();
  EXPECT_EQ(buffer.heap_bytes(), 0U);
  EXPECT_EQ(buffer.rest(), "");
}

TEST(InputBuffer, SearchesAnewInWhatComesAfterAllWasConsumed) {
  InputBuffer buffer;
  buffer.append("a longer line without its end");
  EXPECT_FALSE(buffer.find("\r\n"));
  buffer.consume(buffer.rest().size());
  buffer.append("b\r\n");
  EXPECT_EQ(buffer.find("\r\n"), 1U);
}

}  // namespace
}  // namespace vedette::resp
