// The version of this build.
#pragma once

#include <string>

namespace zabsim {

/// "zabsim 0.1.0" and the formats that it reads and writes, one per line.
std::string VersionText();
/// "g++ 12.2.0", "clang 19.1.7".
std::string CompilerText();
/// "0.1.0 release", "0.1.0 sanitizers".
std::string BuildText();

}  // namespace zabsim
