#include "conf/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/text.h"
#include "base/words.h"
#include "conf/directives.h"
#include "conf/draft.h"
#include "conf/file.h"

namespace vedette::conf {
namespace {

// A line that has something to say, waiting for its phase.
struct PendingLine {
  std::size_t index;  // in the document
  const Directive* directive;
  std::vector<std::string> words;
  std::size_t first_word;  // of the directive's own name
};

class Parser {
 public:
  explicit Parser(std::string_view text) { document_.text = text; }

  std::variant<Document, std::vector<Problem>> parse() {
    if (document_.text.size() > File::kMaxBytes) {
      return std::vector{Problem{0, {}, fmt::format("the file is larger than {} bytes", File::kMaxBytes)}};
    }
    if (!split_lines()) {
      return std::vector{Problem{0, {}, fmt::format("the file has more than {} lines", File::kMaxLines)}};
    }
    for (std::size_t i = 0; i < document_.lines.size(); ++i) recognize_line(i);
    for (auto& lines : pending_) {
      for (PendingLine& line : lines) read_line(line);
    }
    if (problem_count_ > 0) return take_problems();
    document_.configuration = std::move(draft_.configuration);
    attach_statements();
    return std::move(document_);
  }

 private:
  bool split_lines() {
    const std::string_view text = document_.text;
    for (std::size_t begin = 0; begin < text.size();) {
      if (document_.lines.size() == File::kMaxLines) return false;
      const std::size_t feed = text.find('\n', begin);
      const bool has_end = feed != std::string_view::npos;
      const std::size_t end = has_end ? feed : text.size();
      document_.lines.push_back({begin, end - begin, has_end, {}, {}});
      begin = end + 1;
    }
    return true;
  }

  void recognize_line(std::size_t index) {
    const std::string_view content = trim(document_.line_text(document_.lines[index]));
    if (content.empty() || content.front() == '#') return;
    if (content.size() > File::kMaxLineBytes) {
      return report(index, fmt::format("the line is longer than {} bytes", File::kMaxLineBytes));
    }
    if (content.find('\0') != std::string_view::npos) return report(index, "the line has a NUL byte in it");
    auto words = split_words(content);
    if (!words) return report(index, "unbalanced quotes");
    const auto known = recognize(*words);
    if (!known) return report(index, known.error().message);
    const std::size_t first_word = words->size() - known->words.size();
    pending_[static_cast<std::size_t>(known->directive->phase)].push_back(
        {index, known->directive, *std::move(words), first_word});
  }

  void read_line(const PendingLine& pending) {
    draft_.line_number = pending.index + 1;
    const Directive& directive = *pending.directive;
    auto subject = directive.read(draft_, Words(pending.words).subspan(pending.first_word));
    if (!subject) return report(pending.index, subject.error().message);
    document_.lines[pending.index].subject = *std::move(subject);
    const auto mention = [&] { return fmt::format("{} (line {})", directive.name, draft_.line_number); };
    if (directive.standing == Standing::kIgnored) document_.ignored.push_back(mention());
    if (directive.standing == Standing::kNotYetHonoured) document_.not_yet_honoured.push_back(mention());
  }

  void report(std::size_t index, std::string reason) {
    ++problem_count_;
    if (problems_.size() == File::kMaxProblems) return;
    constexpr std::size_t kMaxShown = 256;
    std::string_view line = document_.line_text(document_.lines[index]);
    if (line.ends_with('\r')) line.remove_suffix(1);
    std::string shown_line(line.substr(0, kMaxShown));
    if (line.size() > kMaxShown) shown_line += "...";
    problems_.push_back({index + 1, std::move(shown_line), std::move(reason)});
  }

  std::vector<Problem> take_problems() {
    std::stable_sort(problems_.begin(), problems_.end(),
                     [](const Problem& a, const Problem& b) { return a.line_number < b.line_number; });
    if (problem_count_ > problems_.size()) {
      problems_.push_back({0, {}, fmt::format("{} more problems are not listed", problem_count_ - problems_.size())});
    }
    return std::move(problems_);
  }

  // Now that all lines are read, what is said of each subject is known.
  void attach_statements() {
    std::unordered_map<std::string, std::string> texts;
    for (Statement& statement : statements_of(document_.configuration.sentinel)) {
      texts.emplace(std::move(statement.key), std::move(statement.text));
    }
    for (Line& line : document_.lines) {
      if (line.subject.key.empty()) continue;
      if (const auto found = texts.find(line.subject.key); found != texts.end()) line.statement = found->second;
    }
  }

  Document document_;
  Draft draft_;
  std::array<std::vector<PendingLine>, kPhases> pending_;
  std::vector<Problem> problems_;
  std::size_t problem_count_ = 0;
};

}  // namespace

std::variant<Document, std::vector<Problem>> parse_document(std::string_view text) { return Parser(text).parse(); }

}  // namespace vedette::conf
