// Grouping and quoting.
#include "tools/zabsim/cli/words.h"

#include <cstddef>

namespace zabsim {

std::string Grouped(uint64_t number) {
  std::string digits = std::to_string(number);
  for (auto at = static_cast<ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<size_t>(at), ",");
  }
  return digits;
}

std::string Shell(const std::string& word) {
  if (word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                             "-_./=:,%@+") == std::string::npos) {
    return word;
  }
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string ShellOverrides(const std::vector<std::string>& overrides) {
  std::string words;
  for (const std::string& text : overrides) words += " --set=" + Shell(text);
  return words;
}

}  // namespace zabsim
