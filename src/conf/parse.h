// From the text of a file to a document, or to everything that is wrong with it.
#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "conf/document.h"
#include "conf/options.h"
#include "conf/problem.h"

namespace vedette::conf {

std::variant<Document, std::vector<Problem>> parse_document(std::string_view text, IsExecutable is_executable);

}  // namespace vedette::conf
