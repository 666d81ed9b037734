// The version, from the build.
#include "tools/zabsim/cli/version.h"

#include "absl/strings/str_cat.h"
#include "scenarios/runner/trace/trace_format.h"

namespace zabsim {

std::string VersionText() {
  return absl::StrCat("zabsim ", ZABSIM_VERSION, "\nscenario format zabsim/1\ntrace format ",
                      scenario::kTraceVersion, "\nbuilt by ", CompilerText(), "\nfrom commit ",
                      CommitText());
}

std::string CompilerText() {
#ifdef __clang__
  return absl::StrCat("clang ", __clang_major__, ".", __clang_minor__, ".", __clang_patchlevel__);
#else
  return absl::StrCat("g++ ", __GNUC__, ".", __GNUC_MINOR__, ".", __GNUC_PATCHLEVEL__);
#endif
}

std::string BuildText() {
#if defined(__SANITIZE_ADDRESS__)
  return absl::StrCat(ZABSIM_VERSION, " sanitizers");
#else
  return absl::StrCat(ZABSIM_VERSION, " release");
#endif
}

}  // namespace zabsim
