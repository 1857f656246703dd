// A parsed file in memory: its text, where its lines are, and what each line is about.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conf/model.h"
#include "conf/statements.h"

namespace vedette::conf {

struct Line {
  std::size_t begin = 0;  // in the text
  std::size_t size = 0;   // without line end
  bool has_end = false;   // a line feed follows it; only the last line may lack one
  Subject subject;        // of `sentinel` lines; empty for everything else
  std::string statement;  // its subject's value in canonical form; empty: the line says nothing
};

struct Document {
  std::string text;
  std::vector<Line> lines;
  Configuration configuration;
  std::vector<std::string> ignored;           // "save (line 12)"
  std::vector<std::string> not_yet_honoured;  // "tls-port (line 3)"

  std::string_view line_text(const Line& line) const { return std::string_view(text).substr(line.begin, line.size); }
};

}  // namespace vedette::conf
