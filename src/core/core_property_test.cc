// What holds whatever happens to a core, and that the same happenings make it do the same.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "tests/support/random_life.h"

namespace vedette::core {
namespace {

using testing::RandomLife;

RC_GTEST_PROP(CoreProperty, WhateverHappensItsInvariantsHold, (std::uint64_t seed)) {
  RandomLife life(seed, [](const std::string& what) { RC_FAIL(what); });
  life.live(400);
  life.settle();
  RC_CLASSIFY(life.promotions() > 0, "somebody was promoted");
  RC_ASSERT(life.invariants().waiting() == 0U);  // every question and every order was answered, once
}

RC_GTEST_PROP(CoreProperty, TheSameLifeTwiceIsTheSameBitByBit, (std::uint64_t seed)) {
  const auto transcript = [seed] {
    RandomLife life(seed, [](const std::string&) {});
    life.live(100);
    return life.transcript();
  };
  RC_ASSERT(transcript() == transcript());
}

}  // namespace
}  // namespace vedette::core
