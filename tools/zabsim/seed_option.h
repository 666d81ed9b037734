// The options --seed and --seeds of the subcommands that have them.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "scenarios/runner/scenario.h"
#include "scenarios/runner/text.h"

namespace zabsim {

/// The value of --seed; kInvalidArgument says what it wanted and found.
inline absl::StatusOr<uint64_t> SeedOption(const std::string& text) {
  const absl::StatusOr<uint64_t> seed = scenario::ParseSeed(text);
  if (seed.ok()) return seed;
  return absl::InvalidArgumentError(
      absl::StrCat("--seed: ", seed.status().message(), ", found \"", text, "\""));
}

/// The value of --seeds, A..B.
inline absl::StatusOr<scenario::Seeds> SeedRangeOption(const std::string& text) {
  const std::pair<std::string, std::string> ends = absl::StrSplit(text, absl::MaxSplits("..", 1));
  const absl::StatusOr<uint64_t> first = scenario::ParseSeed(ends.first);
  const absl::StatusOr<uint64_t> last = scenario::ParseSeed(ends.second);
  if (!first.ok() || !last.ok() || *last < *first || *last - *first == UINT64_MAX) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--seeds: wanted A..B with A not above B, as in 1..100, found \"", text, "\""));
  }
  return scenario::Seeds{.from = *first, .count = *last - *first + 1};
}

}  // namespace zabsim
