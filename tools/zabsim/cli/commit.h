// Seeds from a commit, so that everybody who has it can repeat the same runs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/language/scenario.h"

namespace zabsim {

/// The first 64 bits of a commit's hash of 40 hex digits, as in TigerBeetle; none if it is not one.
std::optional<uint64_t> SeedOfCommit(absl::string_view hash);

/// The seed of the current commit: $GITHUB_SHA, $CI_COMMIT_SHA, or what git says of this folder.
absl::StatusOr<uint64_t> SeedOfThisCommit();

/// The seeds of a file, "commit" resolved.
absl::StatusOr<scenario::Seeds> ResolveSeeds(scenario::Seeds seeds);

}  // namespace zabsim
