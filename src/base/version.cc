#include "base/version.h"

namespace vedette {

const std::string_view kVersion = VEDETTE_VERSION;

}  // namespace vedette
