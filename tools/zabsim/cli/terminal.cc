// The only reader of TERM and NO_COLOR.
#include "tools/zabsim/cli/terminal.h"

#include <unistd.h>

#include <cstdlib>

#include "absl/strings/string_view.h"

namespace zabsim {
namespace {

absl::string_view Environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool IsDumb() {
  return Environment("TERM") == "dumb";
}

}  // namespace

bool IsTerminal(int descriptor) {
  return ::isatty(descriptor) != 0 && !IsDumb();
}

bool ColorPermitted() {
  return Environment("NO_COLOR").empty() && !IsDumb();
}

}  // namespace zabsim
