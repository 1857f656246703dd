// What nearly every test includes, for the compiler to read once: never included by hand, and no file may lean on it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../../cmake/precompiled.h"
