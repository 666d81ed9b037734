// Read and written as a whole.
#include "tools/zabsim/campaign/choices_file.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "tools/zabsim/campaign/file_io.h"

namespace zabsim {

std::string ChoicesBeside(const std::string& scenario_file) {
  return absl::StrCat(absl::StripSuffix(scenario_file, ".json"), ".choices");
}

absl::StatusOr<scenario::ChoiceLog> ReadChoices(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadWholeFile(path);
  if (!text.ok()) return text.status();
  return scenario::ParseChoiceLog(*text, path);
}

absl::StatusOr<std::optional<scenario::ChoiceLog>> ReadChoicesBeside(
    const std::string& scenario_file) {
  const std::string path = ChoicesBeside(scenario_file);
  if (!std::filesystem::exists(path)) return std::nullopt;
  auto log = ReadChoices(path);
  if (!log.ok()) return log.status();
  return *std::move(log);
}

absl::Status WriteChoices(const std::string& path, scenario::ChoiceRecorder& recorder,
                          const scenario::Document& document, uint64_t seed,
                          const zab::Hash128& trace_hash) {
  scenario::ChoiceLog& log = recorder.log();
  log.digest = document.digest();
  log.seed = seed;
  log.trace_hash = trace_hash;
  return ReplaceFile(path, ToText(log));
}

}  // namespace zabsim
