// The option --seed of the subcommands that run one seed.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "scenarios/runner/text.h"

namespace zabsim {

/// The value of --seed; kInvalidArgument says what it wanted and found.
inline absl::StatusOr<uint64_t> SeedOption(const std::string& text) {
  const absl::StatusOr<uint64_t> seed = scenario::ParseSeed(text);
  if (seed.ok()) return seed;
  return absl::InvalidArgumentError(
      absl::StrCat("--seed: ", seed.status().message(), ", found \"", text, "\""));
}

}  // namespace zabsim
