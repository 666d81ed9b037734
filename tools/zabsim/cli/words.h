// Formats of numbers and words that several commands share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace zabsim {

/// "1,234,567".
std::string Grouped(uint64_t number);
/// Quoted for a shell if it needs to be.
std::string Shell(const std::string& word);
/// " --set=..." for each.
std::string ShellOverrides(const std::vector<std::string>& overrides);

}  // namespace zabsim
