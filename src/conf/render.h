// Writes settings back into a document, touching as little of the user's text as possible.
#pragma once

#include <string>

#include "conf/document.h"
#include "conf/model.h"

namespace vedette::conf {

// See `File::render`. Linear in the sizes of both.
// See `File::render`.
std::string render(const Form& form, const SentinelSettings& wanted);

}  // namespace vedette::conf
