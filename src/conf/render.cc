#include "conf/render.h"

#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/text.h"
#include "conf/statements.h"

namespace vedette::conf {
namespace {

class Renderer {
 public:
  Renderer(const Form& form, const SentinelSettings& wanted)
      : form_(form), statements_(statements_of(wanted)), is_written_(statements_.size(), false) {
    by_key_.reserve(statements_.size());
    for (std::size_t i = 0; i < statements_.size(); ++i) by_key_.emplace(statements_[i].key, i);
    for (const MonitoredPrimary& primary : wanted.primaries) primaries_.insert(primary.name);
    output_.reserve(form.text.size());
  }

  std::string render() {
    for (const StatementLine& line : form_.statements) {
      copy_up_to(line.begin);
      if (belongs(line.subject)) {
        update(line);
      } else {
        drop(line);
      }
    }
    copy_up_to(form_.text.size());
    append_new();
    return std::move(output_);
  }

 private:
  void copy_up_to(std::size_t end) {
    output_.append(form_.text, copied_, end - copied_);
    copied_ = end;
  }

  // Whether whom the line is about is still there.
  bool belongs(const Subject& subject) const {
    return subject.primary.empty() || primaries_.count(subject.primary) > 0;
  }

  // Several lines may be about the same thing, of which the last one counts: as long as what they say is wanted, they
  // all stay; otherwise one line takes their place.
  void update(const StatementLine& line) {
    const auto found = by_key_.find(line.subject.key);
    const bool is_wanted = found != by_key_.end();
    if (is_wanted && line.overruled) return copy_up_to(line.begin + line.size);
    const std::string_view wanted = is_wanted ? std::string_view(statements_[found->second].text) : std::string_view();
    if (wanted == statement_of(line)) {
      copy_up_to(line.begin + line.size);
    } else if (is_wanted && !is_written_[found->second]) {
      output_ += wanted;
      copied_ += line.size;
    } else {
      drop(line);
    }
    if (is_wanted) is_written_[found->second] = true;
  }

  std::string_view statement_of(const StatementLine& line) const {
    return line.is_canonical ? std::string_view(form_.text).substr(line.begin, line.size) : line.statement;
  }

  // With its line end.
  void drop(const StatementLine& line) {
    const std::size_t feed = form_.text.find('\n', line.begin + line.size);
    copied_ = feed == std::string::npos ? form_.text.size() : feed + 1;
  }

  void append_new() {
    bool has_header = form_.has_header;
    for (std::size_t i = 0; i < statements_.size(); ++i) {
      if (is_written_[i] || goes_without_saying(statements_[i])) continue;
      if (!has_header) append_header();
      has_header = true;
      append_line(statements_[i].text);
    }
  }

  bool goes_without_saying(const Statement& statement) const {
    const auto included = form_.included.find(statement.key);
    return included == form_.included.end() ? statement.is_default : included->second == statement.text;
  }

  void append_header() {
    if (!output_.empty() && !ends_with_blank_line()) append_line({});
    append_line(kHeader);
  }

  void append_line(std::string_view text) {
    if (!output_.empty() && output_.back() != '\n') output_ += line_end();
    output_ += text;
    output_ += line_end();
  }

  bool ends_with_blank_line() const {
    const std::string_view text = output_;
    const std::string_view last_line_ended = text.substr(0, text.size() - (text.back() == '\n' ? 1 : 0));
    return trim(last_line_ended.substr(last_line_ended.rfind('\n') + 1)).empty();
  }

  // As the first line of the user's file has it.
  std::string_view line_end() const {
    const std::size_t feed = form_.text.find('\n');
    const bool is_crlf = feed != std::string::npos && feed > 0 && form_.text[feed - 1] == '\r';
    return is_crlf ? "\r\n" : "\n";
  }

  const Form& form_;
  const std::vector<Statement> statements_;
  std::unordered_map<std::string_view, std::size_t> by_key_;
  std::unordered_set<std::string_view> primaries_;
  std::vector<bool> is_written_;
  std::size_t copied_ = 0;  // how much of the document's text has been dealt with
  std::string output_;
};

}  // namespace

std::string render(const Form& form, const SentinelSettings& wanted) { return Renderer(form, wanted).render(); }

}  // namespace vedette::conf
