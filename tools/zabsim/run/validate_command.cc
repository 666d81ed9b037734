// zabsim validate FILE...: checks scenarios without running them.
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/sweep/cells.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/run/commands.h"

namespace zabsim {
namespace {

struct ValidateOptions {
  std::vector<std::string> files;
  std::vector<std::string> overrides;
};

/// "n1=1 n2=2 n3=3": which server has which sid.
std::string Sids(const scenario::Scenario& scenario) {
  std::string text;
  for (size_t i = 0; i < scenario.cluster.voters.size(); ++i) {
    absl::StrAppend(&text, i == 0 ? "" : " ", scenario.cluster.voters[i], "=", i + 1);
  }
  return text;
}

/// Every cell of its sweep, if it has one; how many there are, to be printed.
absl::StatusOr<std::string> CheckCells(const std::string& path,
                                       const std::vector<std::string>& overrides,
                                       const scenario::Scenario& scenario) {
  if (!scenario.sweep) return std::string();
  if (path == "-") return std::string(", cells not checked: standard input is read only once");
  const auto cells = scenario::CellsOf(*scenario.sweep, scenario.run.seeds[0]);
  for (const scenario::SweepCell& cell : cells) {
    const auto document = scenario::LoadCell(path, overrides, *scenario.sweep, cell);
    if (!document.ok()) return document.status();
  }
  return absl::StrCat(", cells ", cells.size());
}

int Validate(const ValidateOptions& options) {
  int code = 0;
  for (const std::string& file : options.files) {
    const std::string path = ScenarioPath(file);
    const auto document = scenario::Document::Load(path, options.overrides);
    if (!document.ok()) {
      code = Fail(document.status());
      continue;
    }
    const auto cells = CheckCells(path, options.overrides, document->scenario());
    if (!cells.ok()) {
      code = Fail(cells.status());
      continue;
    }
    std::printf("%s: valid, digest %s, sids %s%s\n", file.c_str(), document->digest().c_str(),
                Sids(document->scenario()).c_str(), cells->c_str());
  }
  return code;
}

}  // namespace

Command ValidateCommand() {
  const auto options = std::make_shared<ValidateOptions>();
  Command command{"validate", "Check scenarios without running them"};
  command.examples = {
      "zabsim validate my.json",
      "zabsim validate scenarios/ci/*.json --set=/end/virtual=20s",
  };
  command.Add("FILE", &options->files, "Scenario files").Required();
  AddOverrides(command, options->overrides);
  command.run = [options] { return Validate(*options); };
  return command;
}

}  // namespace zabsim
