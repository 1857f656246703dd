#include "apps/sentinel_arguments.h"

#include "base/text.h"
#include "base/words.h"

namespace vedette::apps {
namespace {

bool is_option(const std::string& word) { return word.starts_with("--"); }

// `--sentinel` alone is how `redis-server sentinel.conf --sentinel` says what it is to be, and `--save` alone means
// that nothing is saved; whatever else is without arguments takes the next word even if that looks like an option.
bool may_stand_alone(std::string_view directive) {
  return equals_ignoring_case(directive, "sentinel") || equals_ignoring_case(directive, "save");
}

// Collects directives, one a line.
class Lines {
 public:
  void add(const std::string& word) {
    const bool is_value = !has_arguments_ && !directive_.empty() && !may_stand_alone(directive_);
    if (is_option(word) && !is_value) {
      end_line();
      directive_ = line_ = word.substr(2);
    } else if (line_.empty()) {
      directive_ = line_ = word;  // the first one need not look like an option
    } else {
      line_ += ' ' + quote_word(word);
      has_arguments_ = true;
    }
  }

  std::string take() {
    end_line();
    return std::move(text_);
  }

 private:
  void end_line() {
    const bool says_nothing = line_.empty() || (!has_arguments_ && may_stand_alone(directive_));
    if (!says_nothing) text_ += line_ + '\n';
    line_.clear();
    has_arguments_ = false;
  }

  std::string text_;
  std::string line_;
  std::string directive_;
  bool has_arguments_ = false;
};

}  // namespace

net::Invocation read_sentinel_arguments(std::span<const std::string> arguments) {
  net::Invocation invocation;
  invocation.program = arguments[0];
  Lines directives;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "-" && (i == 1 || i + 1 == arguments.size())) {
      invocation.reads_standard_input = true;
    } else if (i == 1 && !word.starts_with('-')) {
      invocation.config_file = word;
    } else {
      directives.add(word);
    }
  }
  invocation.directives = directives.take();
  return invocation;
}

}  // namespace vedette::apps
