// The findings of several folders of one campaign as those of one.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace zabsim {

/// Writes to `out` what the folders found: a line for each run that failed, in the order of the
/// runs, and for each signature the files of the earliest run of which there are any.  `out` may be
/// one of the folders.  The bytes do not depend on the order or on the number of merges.
absl::Status MergeFindings(const std::vector<std::string>& folders, const std::string& out);

}  // namespace zabsim
