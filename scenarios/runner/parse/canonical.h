// The canonical form of a scenario: every key with a fixed default written out, keys sorted.  It is
// a valid scenario itself, with the same canonical form; the shrinker writes its results in it.
#pragma once

#include <string>

#include "scenarios/runner/json/value.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

/// The canonical form as a tree.  A default that depends on other keys (`cap`, `within`, what a
/// link or disk inherits) is not written out, so that it still follows when `run.vary` changes
/// those keys.
Value ToValue(const Scenario& scenario);

/// The canonical form on one line: the text that is hashed.
std::string CanonicalText(const Scenario& scenario);

/// The canonical form, indented, as a scenario file.
std::string ToFileText(const Scenario& scenario);

/// XXH3-128 of the canonical text, 32 hex digits.
std::string DigestOf(const Scenario& scenario);

}  // namespace scenario
