// Verdict and invariant.
#include "scenarios/explore/signature.h"

#include "absl/strings/str_cat.h"

namespace scenario {

std::string SignatureOf(const RunResult& result, const Scenario& /*scenario*/) {
  if (result.verdict == RunVerdict::kHeld) return "";
  if (result.violations.empty()) return std::string(Name(result.verdict));
  return absl::StrCat(Name(result.verdict), " ", result.violations[0].name);
}

}  // namespace scenario
