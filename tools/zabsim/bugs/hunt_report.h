// What a hunt measured, as a row of a Markdown table and as a line of JSON.
#pragma once

#include <string>

#include "tools/zabsim/bugs/hunt.h"

namespace zabsim {

/// Two lines: the column names, and the rule below them.
std::string HuntHeader();
std::string HuntRow(const Hunted& hunted);
/// One line, without the line break.
std::string ToJson(const Hunted& hunted, const HuntOptions& options);

}  // namespace zabsim
