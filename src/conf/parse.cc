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

struct Line {
  std::size_t number;     // from 1
  std::size_t begin;      // in the text
  std::string_view text;  // without its line end
};

// A line that has something to say, waiting for its phase.
struct PendingLine {
  Line line;
  const Directive* directive;
  std::vector<std::string> words;  // from the directive's own name
};

class Parser {
 public:
  Parser(std::string_view text, IsExecutable is_executable) : draft_(std::move(is_executable)) {
    document_.text = text;
  }

  std::variant<Document, std::vector<Problem>> parse() {
    if (const Status size = check_size(); !size) return std::vector{Problem{0, {}, size.error().message}};
    recognize_lines();
    for (const auto& lines : pending_) {
      for (const PendingLine& line : lines) {
        if (!gave_up_) read_line(line);
      }
    }
    if (!problems_.empty()) return take_problems();
    document_.configuration = std::move(draft_.configuration);
    attach_statements();
    return std::move(document_);
  }

 private:
  Status check_size() const {
    const std::string& text = document_.text;
    if (text.size() > File::kMaxBytes) return Error{fmt::format("the file is larger than {} bytes", File::kMaxBytes)};
    const auto line_ends = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    if (line_ends > File::kMaxLines) return Error{fmt::format("the file has more than {} lines", File::kMaxLines)};
    return Ok{};
  }

  void recognize_lines() {
    const std::string_view text = document_.text;
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < text.size() && !gave_up_;) {
      const std::size_t feed = std::min(text.find('\n', begin), text.size());
      const std::size_t end = feed > begin && text[feed - 1] == '\r' ? feed - 1 : feed;
      recognize_line({++number, begin, text.substr(begin, end - begin)});
      begin = feed + 1;
    }
  }

  void recognize_line(const Line& line) {
    const std::string_view content = trim(line.text);
    document_.has_header |= content == kHeader;
    if (content.empty() || content.front() == '#') return;
    if (line.text.size() > File::kMaxLineBytes) {
      return report(line, fmt::format("the line is longer than {} bytes", File::kMaxLineBytes));
    }
    if (line.text.find('\0') != std::string_view::npos) return report(line, "the line has a NUL byte in it");
    auto words = split_words(line.text);  // not the trimmed text: a word may end in what `trim` takes for a blank
    if (!words) return report(line, "unbalanced quotes");
    const auto known = recognize(*words);
    if (!known) return report(line, known.error().message);
    const auto own_words = words->end() - static_cast<std::ptrdiff_t>(known->words.size());
    words->erase(words->begin(), own_words);
    pending_[static_cast<std::size_t>(known->directive->phase)].push_back({line, known->directive, *std::move(words)});
  }

  void read_line(const PendingLine& pending) {
    const Line& line = pending.line;
    const Directive& directive = *pending.directive;
    draft_.line_number = line.number;
    auto subject = directive.read(draft_, pending.words);
    if (!subject) return report(line, subject.error().message);
    if (!subject->key.empty()) {
      document_.statements.push_back({line.begin, line.text.size(), *std::move(subject), {}});
    }
    const auto mention = [&] { return fmt::format("{} (line {})", directive.name, line.number); };
    if (directive.standing == Standing::kIgnored) document_.ignored.push_back(mention());
    if (directive.standing == Standing::kNotYetHonoured) document_.not_yet_honoured.push_back(mention());
  }

  void report(const Line& line, std::string reason) {
    constexpr std::size_t kMaxShown = 256;
    gave_up_ = problems_.size() == File::kMaxProblems;
    if (gave_up_) return;
    std::string shown_line(line.text.substr(0, kMaxShown));
    if (line.text.size() > kMaxShown) shown_line += "...";
    problems_.push_back({line.number, std::move(shown_line), std::move(reason)});
  }

  std::vector<Problem> take_problems() {
    std::stable_sort(problems_.begin(), problems_.end(),
                     [](const Problem& a, const Problem& b) { return a.line_number < b.line_number; });
    if (gave_up_) problems_.push_back({0, {}, "there are more problems than these"});
    return std::move(problems_);
  }

  // Now that all lines are read, what is said of each subject is known.
  void attach_statements() {
    std::unordered_map<std::string, std::string> texts;
    for (Statement& statement : statements_of(document_.configuration.sentinel)) {
      texts.emplace(std::move(statement.key), std::move(statement.text));
    }
    for (StatementLine& line : document_.statements) {
      if (const auto found = texts.find(line.subject.key); found != texts.end()) line.statement = found->second;
    }
    std::sort(document_.statements.begin(), document_.statements.end(),
              [](const StatementLine& a, const StatementLine& b) { return a.begin < b.begin; });
  }

  Document document_;
  Draft draft_;
  std::array<std::vector<PendingLine>, kPhases> pending_;
  std::vector<Problem> problems_;
  bool gave_up_ = false;  // there are more problems than anyone wants to read
};

}  // namespace

std::variant<Document, std::vector<Problem>> parse_document(std::string_view text, IsExecutable is_executable) {
  return Parser(text, std::move(is_executable)).parse();
}

}  // namespace vedette::conf
