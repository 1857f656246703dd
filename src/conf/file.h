// A sentinel.conf in memory: the user's text, what it means, and how to write the state back into it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "conf/document.h"
#include "conf/model.h"
#include "conf/options.h"
#include "conf/problem.h"
#include "conf/sources.h"

namespace vedette::conf {

class File {
 public:
  static constexpr std::size_t kMaxBytes = 64U << 20;      // of the whole file, and of all that is read with it
  static constexpr std::size_t kMaxLineBytes = 64U << 10;  // of one line that is no comment
  static constexpr std::size_t kMaxLines = 1U << 20;
  static constexpr std::size_t kMaxIncludeDepth = 16;
  static constexpr std::size_t kMaxIncludedFiles = 1024;
  static constexpr std::size_t kMaxProblems = 100;  // after these the rest of the file is not looked at

  // Reads a whole file's text. On failure, every problem found in it, in the order of the lines.
  // (Vedette refuses to start with any; the original stops at the first.)
  // Scripts that are not executable are problems too.
  static std::variant<File, std::vector<Problem>> parse(
      std::string_view text, IsExecutable is_executable = [](const std::string&) { return true; });

  // The same with what the file includes and what is read after it.
  static std::variant<File, std::vector<Problem>> parse(const Sources& sources);

  // For a conf that is never written: what it means together with the state that is kept in a file of its own, and how
  // to write that file. `state_text` is its text, empty in the beginning. The problems are those of that text.
  std::variant<File, std::vector<Problem>> with_state(std::string_view state_text) const;

  // With what the journal beside the state says, see `conf/journal.h`. `state_text` is that of the file in which the
  // state is kept: this one, or the separate one. The problems are those of the journal.
  std::variant<File, std::vector<Problem>> with_journal(std::string_view state_text, std::string_view journal) const;

  // The text of the file itself.
  const std::string& text() const { return document_->form->text; }

  // What the file means.
  const Configuration& configuration() const { return document_->configuration; }

  // Directives that only make sense for a data server: "save (line 12)".
  const std::vector<std::string>& ignored() const { return document_->ignored; }

  // What is said somewhere and does not hold, and why: one sentence each.
  const std::vector<std::string>& notes() const { return document_->notes; }

  // The file in which the state is kept says less than the configuration.
  bool must_be_saved() const { return document_->must_be_saved; }

  // Where a thing is said, by the key of its statement; null: nowhere.
  const Place* place_of(const std::string& key) const;

  // The text of the file with `wanted` in it: the user's lines, order and comments are kept, a changed directive is
  // replaced in place, a new one is appended at the end under one generated header, and a directive that is gone is
  // dropped. Options equal to their default that the user did not write are not written. Parsing the result gives
  // `wanted`, but for the order of primaries, replicas, sentinels and users.
  // `wanted` must be within the limits and rules of `conf/values.h`: what was not read from a file must have been
  // checked by the same readers.
  // What a line of an included file says is not repeated. If it is no longer wanted, a new line below overrules it; but
  // nothing can be taken back that has no other value (a primary, a renamed command).
  std::string render(const SentinelSettings& wanted) const;

  // All that `render` needs, of which there is less than what the file means, for who goes on without the rest: see
  // `conf/render.h`.
  std::shared_ptr<const Form> form() const { return document_->form; }

 private:
  explicit File(Document document) : document_(std::make_shared<const Document>(std::move(document))) {}

  std::shared_ptr<const Document> document_;  // copies share it: with thousands of primaries it is large
};

}  // namespace vedette::conf
