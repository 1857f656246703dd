// Users and their rules, as an ACL file has them and as ACL SETUSER does: what is accepted is shown in a form that
// makes the same users again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/text.h"
#include "node/acl/files.h"
#include "node/commands.h"

namespace vedette::node::acl {
namespace {

bool are_equal(const Users& a, const Users& b) { return a.all() == b.all(); }

void check_file(std::string_view text) {
  const auto users = parse_acl_file(text, "users.acl");
  if (!users) {
    VEDETTE_CHECK(!users.error().message.empty(), "a refusal says why");
    return;
  }
  const auto again = parse_acl_file(render_acl_file(*users), "users.acl");
  VEDETTE_CHECK(again && are_equal(*again, *users), "a file that is written can be read");
  const auto from_lines = users_of(lines_of(*users, {}, ""), "");
  VEDETTE_CHECK(from_lines && are_equal(*from_lines, *users), "lines of a configuration make the same users");
}

void check_rules(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view word : split(text, ' ')) words.emplace_back(word);
  Users users;
  if (!users.set("fuzzed", words)) {
    VEDETTE_CHECK(users.find("fuzzed") == nullptr, "all rules or none");
    return;
  }
  for (const Command* command : all_commands()) static_cast<void>(users.find("fuzzed")->check(*command, words));
}

}  // namespace
}  // namespace vedette::node::acl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  vedette::node::acl::check_file(text);
  vedette::node::acl::check_rules(text);
  return 0;
}
