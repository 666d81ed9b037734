// Options that are budgets of time.
#pragma once

#include <chrono>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "scenarios/runner/language/units.h"

namespace zabsim {

/// The value of an option such as --time; kInvalidArgument says what was wanted and what was found.
inline absl::StatusOr<std::chrono::seconds> SecondsOption(const std::string& option,
                                                          const std::string& text) {
  const absl::StatusOr<zab::Duration> duration = scenario::ParseDuration(text);
  if (duration.ok() && *duration >= zab::Seconds(1)) {
    return std::chrono::seconds(duration->nanoseconds / 1'000'000'000);
  }
  return absl::InvalidArgumentError(absl::StrCat(
      option, ": wanted a duration of 1s or more, as in 60s, 5min or 8h, found \"", text, "\""));
}

}  // namespace zabsim
