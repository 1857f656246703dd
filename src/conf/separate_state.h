// The state in a file of its own, beside a conf that is never written. The state file is itself written like a conf:
// all its `sentinel` lines, below a head of comments that repeat what the conf said when it was written, by which
// `merge` tells which of the two is newer.
#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "conf/document.h"
#include "conf/problem.h"

namespace vedette::conf {

// The document of the state file, with the configuration of both. The problems are those of `state_text`.
std::variant<Document, std::vector<Problem>> with_separate_state(const Document& conf, std::string_view state_text);

}  // namespace vedette::conf
