// Writes settings back into a document, touching as little of the user's text as possible.
#pragma once

#include <string>

#include "conf/document.h"
#include "conf/model.h"

namespace vedette::conf {

// See `File::render`. Linear in the sizes of both.
std::string render_document(const Document& document, const SentinelSettings& wanted);

}  // namespace vedette::conf
