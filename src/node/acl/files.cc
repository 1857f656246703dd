#include "node/acl/files.h"

#include <fmt/format.h>

#include <set>

#include "base/text.h"

namespace vedette::node::acl {
namespace {

// After these the rest of an ACL file is not looked at.
constexpr std::size_t kMaxFileProblems = 100;

Rules rules_of(const std::vector<std::string>& line) { return Rules(line).subspan(1); }

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view word : split(text, ' ')) {
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

std::string describe(const RuleError& error, std::string_view path, std::size_t number) {
  if (error.rule.starts_with('+') || error.rule.starts_with('-')) {
    return fmt::format("{}:{}: Error in applying operation '{}': {}. ", path, number, error.rule, error.reason);
  }
  return fmt::format("{}:{}: {}. ", path, number, error.reason);
}

class AclFileReader {
 public:
  explicit AclFileReader(std::string_view path) : path_(path) {}

  void read_line(std::string_view line, std::size_t number) {
    const auto words = words_of(line);
    if (words.empty() || count_ == kMaxFileProblems) return;
    if (words.size() < 2 || words[0] != "user") {
      return report(fmt::format("{}:{} should start with user keyword followed by the username. ", path_, number));
    }
    if (!names_.insert(words[1]).second) {
      return report(fmt::format("WARNING: Duplicate user '{}' found on line {}. ", words[1], number));
    }
    if (const auto error = users_.define(words[1], Rules(words).subspan(2))) report(describe(*error, path_, number));
  }

  Result<Users> take() {
    if (problems_.empty()) return std::move(users_);
    return Error{problems_ +
                 "WARNING: ACL errors detected, no change to the previously active ACL rules was performed"};
  }

 private:
  void report(std::string_view problem) {
    problems_ += problem;
    ++count_;
  }

  const std::string_view path_;
  Users users_;
  std::set<std::string> names_;
  std::string problems_;
  std::size_t count_ = 0;
};

}  // namespace

Result<Users> users_of(const Lines& lines, std::string_view password) {
  Users users(password);
  for (const auto& line : lines) {
    if (const auto error = users.define(line[0], rules_of(line))) {
      return Error{fmt::format("Error loading ACL rule '{}' for the user named '{}': {}", error->shown_rule(), line[0],
                               error->reason)};
    }
  }
  return users;
}

Lines lines_of(const Users& users, const Lines& lines, std::string_view password) {
  const Users without_lines(password);
  Users as_read(password);
  std::map<std::string_view, const std::vector<std::string>*> by_name;
  for (const auto& line : lines) {
    if (!as_read.define(line[0], rules_of(line))) by_name.emplace(line[0], &line);
  }
  Lines result;
  for (const auto& [name, user] : users.all()) {
    const auto line = by_name.find(name);
    if (line != by_name.end() && *as_read.find(name) == user) {
      result.push_back(*line->second);
    } else if (name != kDefaultUser || user != without_lines.default_user()) {
      result.push_back(words_of(user.text()));
      result.back().insert(result.back().begin(), name);
    }
  }
  return result;
}

Result<Users> parse_acl_file(std::string_view text, std::string_view path) {
  AclFileReader reader(path);
  std::size_t number = 0;
  for (const std::string_view line : split(text, '\n')) reader.read_line(trim(line), ++number);
  return reader.take();
}

std::string render_acl_file(const Users& users) {
  std::string text;
  for (const auto& [name, user] : users.all()) text += fmt::format("user {} {}\n", name, user.text());
  return text;
}

}  // namespace vedette::node::acl
