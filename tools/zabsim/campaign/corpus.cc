// Finds the files, and which of them are stale.
#include "tools/zabsim/campaign/corpus.h"

#include "absl/strings/str_cat.h"
#include "tools/zabsim/campaign/choices_file.h"
#include "tools/zabsim/cli/command.h"

namespace zabsim {

absl::StatusOr<std::vector<CorpusFile>> ReadCorpus(const std::string& folder) {
  std::vector<CorpusFile> corpus;
  for (const std::string& path : ScenarioFiles(folder)) {
    const auto choices = ReadChoicesBeside(path);
    if (!choices.ok()) return choices.status();
    corpus.push_back({.path = path, .stale = *choices && (*choices)->IsStale()});
  }
  if (!corpus.empty()) return corpus;
  return absl::InvalidArgumentError(absl::StrCat("--corpus: no scenario files in ", folder));
}

}  // namespace zabsim
