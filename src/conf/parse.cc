#include "conf/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>
#include <numeric>
#include <unordered_map>

#include "base/text.h"
#include "base/words.h"
#include "conf/directives.h"
#include "conf/draft.h"
#include "conf/file.h"
#include "conf/values.h"

namespace vedette::conf {
namespace {

struct Line {
  std::size_t source;     // index; 0 is the file itself
  std::size_t number;     // from 1
  std::size_t begin;      // in its source's text
  std::string_view text;  // without its line end
};

// A line that has something to say, waiting for its phase.
struct PendingLine {
  Line line;
  std::size_t sequence;  // of all lines, in the order in which they are met
  const Directive* directive;
  std::vector<std::string> words;  // from the directive's own name
};

struct ReadSource {
  Source source;
  Rank rank;
};

// What a line was about, to be looked at when all are read.
struct Said {
  Line line;
  std::size_t sequence;
  Subject subject;
  bool is_comment;
};

class Parser {
 public:
  explicit Parser(const Sources& sources) : include_(sources.include), draft_(sources.is_executable) {
    add_source(sources.file, Rank::kFile);
    appended_ = sources.appended;
  }

  std::variant<Document, std::vector<Problem>> parse() {
    recognize_source(0);
    for (const Source& source : appended_) recognize_source(add_source(source, Rank::kAppended));
    for (auto& lines : pending_) read_lines(lines);
    forget_outdated(draft_);
    if (!problems_.empty()) return take_problems();
    form_.text = sources_[0].source.text;
    document_.configuration = std::move(draft_.configuration);
    document_.notes = std::move(draft_.notes);
    attach_statements();
    document_.form = std::make_shared<const Form>(std::move(form_));
    return std::move(document_);
  }

 private:
  std::size_t add_source(Source source, Rank rank) {
    sources_.push_back({std::move(source), rank});
    return sources_.size() - 1;
  }

  Status check_size(std::string_view text) {
    bytes_ += text.size();
    lines_ += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    if (bytes_ > File::kMaxBytes) return Error{fmt::format("the file is larger than {} bytes", File::kMaxBytes)};
    if (lines_ > File::kMaxLines) return Error{fmt::format("the file has more than {} lines", File::kMaxLines)};
    return Ok{};
  }

  void recognize_source(std::size_t index) {
    const std::string_view text = sources_[index].source.text;
    if (const Status size = check_size(text); !size) return report({index, 0, 0, {}}, size.error().message);
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < text.size() && !gave_up_;) {
      const std::size_t feed = std::min(text.find('\n', begin), text.size());
      const std::size_t end = feed > begin && text[feed - 1] == '\r' ? feed - 1 : feed;
      recognize_line({index, ++number, begin, text.substr(begin, end - begin)});
      begin = feed + 1;
    }
  }

  void recognize_line(const Line& line) {
    const std::string_view content = trim(line.text);
    form_.has_header |= content == kHeader && line.source == 0;
    if (content.starts_with(kCommentMark) && line.source == 0) return recognize_own_comment(line);
    if (content.empty() || content.front() == '#') return;
    auto words = words_in(line.text);  // not the trimmed text: a word may end in what `trim` takes for a blank
    if (!words) return report(line, words.error().message);
    const auto known = recognize(*words);
    if (!known) return report(line, known.error().message);
    if (known->directive->read == nullptr) return include(line, known->words[1]);
    if (known->directive->name == "dir") directory_ = known->words[1];
    const auto own_words = words->end() - static_cast<std::ptrdiff_t>(known->words.size());
    words->erase(words->begin(), own_words);
    postpone(line, *known->directive, *std::move(words));
  }

  // What cannot be understood is the user's like any other comment.
  void recognize_own_comment(const Line& line) {
    draft_.line_number = line.number;
    auto words = words_in(line.text.substr(line.text.find('#') + kCommentMark.size()));
    if (!words) return draft_.ignore_comment(words.error().message);
    const auto known = recognize_comment(*words);
    if (!known) return draft_.ignore_comment(known.error().message);
    postpone(line, *known->directive, *std::move(words));
  }

  static Result<std::vector<std::string>> words_in(std::string_view text) {
    if (text.size() > File::kMaxLineBytes) {
      return Error{fmt::format("the line is longer than {} bytes", File::kMaxLineBytes)};
    }
    if (text.find('\0') != std::string_view::npos) return Error{"the line has a NUL byte in it"};
    auto words = split_words(text);
    if (!words) return Error{"unbalanced quotes"};
    return *std::move(words);
  }

  void postpone(const Line& line, const Directive& directive, std::vector<std::string> words) {
    pending_[static_cast<std::size_t>(directive.phase)].push_back({line, sequence_++, &directive, std::move(words)});
  }

  // The lines of the files take the place of the one that names them.
  void include(const Line& line, const std::string& pattern) {
    if (!include_) return report(line, "nothing can be included here");
    if (open_.size() >= File::kMaxIncludeDepth) {
      return report(line, fmt::format("more than {} files include each other", File::kMaxIncludeDepth));
    }
    auto files = include_(pattern, directory_);
    if (!files) return report(line, files.error().message);
    open_.push_back(line.source);
    for (Source& file : *files) {
      if (const Status status = check_included(file); !status) {
        report(line, status.error().message);
        break;
      }
      recognize_source(add_source(std::move(file), Rank::kIncluded));
    }
    open_.pop_back();
  }

  Status check_included(const Source& file) {
    const bool is_cycle =
        std::any_of(open_.begin(), open_.end(), [&](auto index) { return sources_[index].source.name == file.name; });
    if (is_cycle) return Error{fmt::format("{} includes itself", shown(file.name))};
    if (++included_files_ > File::kMaxIncludedFiles) {
      return Error{fmt::format("more than {} files are included", File::kMaxIncludedFiles)};
    }
    return Ok{};
  }

  void read_lines(std::vector<PendingLine>& lines) {
    const auto rank_of = [&](const PendingLine& pending) { return sources_[pending.line.source].rank; };
    if (!lines.empty() && is_said_once(lines.front().directive->phase)) {
      std::stable_sort(lines.begin(), lines.end(),
                       [&](const PendingLine& a, const PendingLine& b) { return rank_of(a) < rank_of(b); });
    }
    for (const PendingLine& line : lines) {
      if (gave_up_) return;
      draft_.line_number = line.line.number;
      draft_.rank = rank_of(line);
      read_line(line);
    }
  }

  void read_line(const PendingLine& pending) {
    const Line& line = pending.line;
    const Directive& directive = *pending.directive;
    auto subject = directive.read(draft_, pending.words);
    const bool is_comment = directive.phase == Phase::kRemembered;
    if (!subject) {
      return is_comment ? draft_.ignore_comment(subject.error().message) : report(line, subject.error().message);
    }
    if (!subject->key.empty()) said_.push_back({line, pending.sequence, *std::move(subject), is_comment});
    if (!directive.is_ignored) return;
    const std::string source = line.source == 0 ? "" : sources_[line.source].source.name + ", ";
    document_.ignored.push_back(fmt::format("{} ({}line {})", directive.name, source, line.number));
  }

  void report(const Line& line, std::string reason) {
    constexpr std::size_t kMaxShown = 256;
    gave_up_ = problems_.size() == File::kMaxProblems;
    if (gave_up_) return;
    std::string shown_line(line.text.substr(0, kMaxShown));
    if (line.text.size() > kMaxShown) shown_line += "...";
    problems_.push_back({line.number, std::move(shown_line), std::move(reason),
                         line.source == 0 ? std::string() : sources_[line.source].source.name});
    problem_order_.emplace_back(line.source, line.number);
  }

  std::vector<Problem> take_problems() {
    std::vector<std::size_t> order(problems_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return problem_order_[a] < problem_order_[b]; });
    std::vector<Problem> sorted;
    for (const std::size_t index : order) sorted.push_back(std::move(problems_[index]));
    if (gave_up_) sorted.push_back({0, {}, "there are more problems than these"});
    return sorted;
  }

  // Now that all lines are read, what is said of each subject is known.
  void attach_statements() {
    std::sort(said_.begin(), said_.end(), [](const Said& a, const Said& b) { return a.sequence < b.sequence; });
    std::unordered_map<std::string, std::string> texts;
    for (Statement& statement : statements_of(document_.configuration.sentinel)) {
      texts.emplace(std::move(statement.key), std::move(statement.text));
    }
    std::unordered_map<std::string_view, std::size_t> last_included;
    for (const Said& said : said_) {
      const ReadSource& from = sources_[said.line.source];
      const std::string& key = said.subject.key;
      document_.places[key] = {said.line.source == 0 ? std::string() : from.source.name, said.line.number};
      if (from.rank != Rank::kIncluded) continue;
      last_included[key] = said.sequence;
      const auto found = texts.find(key);
      form_.included[key] = found == texts.end() ? std::string() : found->second;
    }
    for (Said& said : said_) {
      if (said.line.source != 0) continue;
      StatementLine line{said.line.begin, said.line.text.size(), std::move(said.subject)};
      if (const auto found = texts.find(line.subject.key); found != texts.end()) {
        line.is_canonical = found->second == said.line.text;
        if (!line.is_canonical) line.statement = found->second;
      } else {
        line.is_canonical = said.is_comment;  // one that does not count is to go, lest it count again one day
      }
      const auto included = last_included.find(line.subject.key);
      line.overruled = included != last_included.end() && included->second > said.sequence;
      form_.statements.push_back(std::move(line));
    }
    form_.statements.shrink_to_fit();
  }

  const IncludeReader include_;
  std::vector<Source> appended_;
  std::deque<ReadSource> sources_;  // their texts stay where they are
  std::vector<std::size_t> open_;   // the sources whose `include` lines led here
  std::string directory_;           // of the last `dir` line
  std::size_t included_files_ = 0;
  std::size_t bytes_ = 0;
  std::size_t lines_ = 0;
  std::size_t sequence_ = 0;
  Form form_;  // of the document
  Document document_;
  Draft draft_;
  std::array<std::vector<PendingLine>, kPhases> pending_;
  std::vector<Said> said_;
  std::vector<Problem> problems_;
  std::vector<std::pair<std::size_t, std::size_t>> problem_order_;  // source and line of each
  bool gave_up_ = false;                                            // there are more problems than anyone wants to read
};

}  // namespace

std::variant<Document, std::vector<Problem>> parse_document(const Sources& sources) { return Parser(sources).parse(); }

}  // namespace vedette::conf
