// Choice logs on the disk: beside a scenario file, under the same name.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/search/choice_log.h"

namespace zabsim {

/// "cases/x.json": "cases/x.choices".
std::string ChoicesBeside(const std::string& scenario_file);

/// kInvalidArgument if it cannot be read or is not a choice log.
absl::StatusOr<scenario::ChoiceLog> ReadChoices(const std::string& path);
/// The log beside that file, if there is one.
absl::StatusOr<std::optional<scenario::ChoiceLog>> ReadChoicesBeside(
    const std::string& scenario_file);

/// Writes the choices of a run of that document.
absl::Status WriteChoices(const std::string& path, scenario::ChoiceRecorder& recorder,
                          const scenario::Document& document, uint64_t seed,
                          const zab::Hash128& trace_hash);

}  // namespace zabsim
