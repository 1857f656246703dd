// Text fixtures: cases in files, so that many examples read like a document and can be regenerated.
//
//   Prose before the first case is for people.
//
//   === the title of a case
//   input ...
//   --- a name
//   more input ...
//   ---
//   the expected output ...
//
// The last section of a case is what its run must give; blank lines at a section's end do not count. With
// VEDETTE_REWRITE in the environment the expected outputs are replaced by the actual ones: review the difference before
// committing it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace vedette::testing {

struct Section {
  std::string name;
  std::string text;  // whole lines
};

struct Case {
  std::string title;
  std::vector<Section> sections;  // the first has no name; the last holds what is expected
};

struct Fixture {
  std::string prose;
  std::vector<Case> cases;
};

// The content of a file below tests/fixtures.
inline std::string read_fixture_file(const std::string& path) {
  std::ifstream file(VEDETTE_FIXTURES "/" + path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

inline Fixture parse_fixture(std::string_view text) {
  Fixture fixture;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string line(text.substr(0, end));
    text.remove_prefix(end);
    const std::string content = line.substr(0, line.find('\n'));
    if (content.starts_with("=== ")) {
      fixture.cases.push_back({content.substr(4), {Section{}}});
    } else if (fixture.cases.empty()) {
      fixture.prose += line;
    } else if (content == "---" || content.starts_with("--- ")) {
      fixture.cases.back().sections.push_back({content.size() > 4 ? content.substr(4) : "", ""});
    } else {
      fixture.cases.back().sections.back().text += line;
    }
  }
  for (Case& example : fixture.cases) {
    for (Section& section : example.sections) {
      while (section.text.ends_with("\n\n")) section.text.pop_back();
      if (section.text == "\n") section.text.clear();
    }
  }
  return fixture;
}

inline std::string format_fixture(const Fixture& fixture) {
  std::string text = fixture.prose;
  for (const Case& example : fixture.cases) {
    text += "=== " + example.title + "\n";
    for (std::size_t i = 0; i < example.sections.size(); ++i) {
      if (i > 0) text += example.sections[i].name.empty() ? "---\n" : "--- " + example.sections[i].name + "\n";
      text += example.sections[i].text;
    }
    text += "\n";
  }
  if (text.ends_with("\n\n")) text.pop_back();
  return text;
}

// Runs every case of the file; `run` gives the actual output of one.
inline void run_fixture(const std::string& path, const std::function<std::string(const Case&)>& run) {
  Fixture fixture = parse_fixture(read_fixture_file(path));
  ASSERT_FALSE(fixture.cases.empty()) << path;
  const bool rewrite = std::getenv("VEDETTE_REWRITE") != nullptr;
  for (Case& example : fixture.cases) {
    const ::testing::ScopedTrace trace(path.c_str(), 0, example.title);
    ASSERT_GE(example.sections.size(), 2U);
    const std::string actual = run(example);
    if (!rewrite) {
      EXPECT_EQ(actual, example.sections.back().text);
    }
    example.sections.back().text = actual;
  }
  if (rewrite) std::ofstream(VEDETTE_FIXTURES "/" + path, std::ios::binary) << format_fixture(fixture);
}

}  // namespace vedette::testing
