// Seeds from a commit: everybody who has it can make the same runs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scenarios/runner/language/scenario.h"

namespace zabsim {

/// The first 64 bits of a commit's hash of 40 hex digits, as TigerBeetle does; none if it is no
/// such.
std::optional<uint64_t> SeedOfCommit(absl::string_view hash);

/// That of the commit at work: $GITHUB_SHA, $CI_COMMIT_SHA, or what git says of this folder.
absl::StatusOr<uint64_t> SeedOfThisCommit();

/// The seeds of a file, "commit" resolved.
absl::StatusOr<scenario::Seeds> ResolveSeeds(scenario::Seeds seeds);

}  // namespace zabsim
