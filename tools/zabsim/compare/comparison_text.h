// A comparison in words and as a table.
#pragma once

#include <string>

#include "tools/zabsim/cli/language_option.h"
#include "tools/zabsim/compare/comparison.h"

namespace zabsim {

/// A line for each row, what else differs, and what may be concluded and what may not.
std::string InWords(const Comparison& comparison, Language language);
/// CSV with a header; the columns are those of scenarios/MEASURING.md 4.
std::string InCsv(const Comparison& comparison);

}  // namespace zabsim
