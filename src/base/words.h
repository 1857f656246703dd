// Lines of words as Redis writes them: inline commands and configuration files share these rules.
//
// Blanks separate words. A word may hold "double quotes", within which \n \r \t \b \a \xHH are the bytes they say and
// a backslash before any other character stands for that character; or 'single quotes', within which only \' is
// special. A closing quote must be followed by a blank or the end of the line. Outside quotes a backslash is an
// ordinary character. NUL is an ordinary byte (the original stops at it).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vedette {

// The words of one line, which may end in CR, LF or neither; nullopt when its quotes are unbalanced. `""` is a word
// of no bytes, and a line of blanks has no words.
std::optional<std::vector<std::string>> split_words(std::string_view line);

// The word in double quotes, printable ASCII only: `split_words` gives it back byte for byte.
std::string quote_word(std::string_view word);

}  // namespace vedette
