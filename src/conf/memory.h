// What is kept of a configuration for as long as the sentinel runs, in bytes of memory beyond the things themselves.
#pragma once

#include <cstddef>

#include "conf/document.h"
#include "conf/model.h"

namespace vedette::conf {

std::size_t heap_of(const Form& form);
std::size_t heap_of(const MonitoredPrimary& primary);

}  // namespace vedette::conf
