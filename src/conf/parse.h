// From the text of a file, and of what is read with it, to a document, or to everything that is wrong with it.
#pragma once

#include <variant>
#include <vector>

#include "conf/document.h"
#include "conf/options.h"
#include "conf/problem.h"
#include "conf/sources.h"

namespace vedette::conf {

std::variant<Document, std::vector<Problem>> parse_document(const Sources& sources);

}  // namespace vedette::conf
