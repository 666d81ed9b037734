// runs.csv and cells.csv of a sweep, made from its journal.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "tools/zabsim/sweep/journal.h"
#include "tools/zabsim/sweep/manifest.h"

namespace zabsim {

/// Writes both into the folder, of the runs that are there.  The same runs give the same bytes.
absl::Status WriteSweepTables(const std::string& folder, const SweepManifest& manifest,
                              const Journal& journal);

}  // namespace zabsim
