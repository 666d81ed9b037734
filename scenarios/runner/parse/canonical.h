// The canonical form of a scenario: every key with a fixed default written out, keys sorted.  It is
// a valid scenario itself, with the same canonical form; a shrinker writes its results this way.
#pragma once

#include <string>

#include "scenarios/runner/json/value.h"
#include "scenarios/runner/language/scenario.h"

namespace scenario {

/// As a tree.  A default that follows other keys (`cap`, `within`, what a link or disk inherits) is
/// not written out, so that a sweep over those still moves it.
Value ToValue(const Scenario& scenario);

/// As one line: what is hashed.
std::string CanonicalText(const Scenario& scenario);

/// As a file to read and to edit.
std::string ToFileText(const Scenario& scenario);

/// XXH3-128 of the canonical text, 32 hex digits.
std::string DigestOf(const Scenario& scenario);

}  // namespace scenario
