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
/// The commit of the source, with a "+" if files were changed since; "unknown" outside of git.
/// Defined by the build (tools/commit.cmake).
std::string CommitText();

}  // namespace zabsim
