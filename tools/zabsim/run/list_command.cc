// zabsim list: the shipped scenarios with their titles.
#include <cstdio>
#include <memory>
#include <string>

#include "scenarios/runner/parse/document.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/language_option.h"
#include "tools/zabsim/run/commands.h"

namespace zabsim {
namespace {

int List(Language language) {
  const std::string folder = ScenarioFolder();
  if (folder.empty()) {
    return Fail(
        absl::NotFoundError("no folder of scenarios found: looked for ./scenarios, beside the "
                            "binary's build folder, and "
                            "for ../share/zabsim/scenarios; run from the source tree"));
  }
  int code = 0;
  for (const std::string& file : ScenarioFiles(folder)) {
    const auto document = scenario::Document::Load(file);
    if (!document.ok()) {
      code = Fail(document.status());
      continue;
    }
    const scenario::Scenario& scenario = document->scenario();
    std::printf("%-26s %s\n", scenario.id.c_str(), In(language, scenario.title).c_str());
  }
  return code;
}

}  // namespace

Command ListCommand() {
  const auto language = std::make_shared<std::string>("en");
  Command command{"list", "List the shipped scenarios"};
  command.examples = {
      "zabsim list",
  };
  AddLanguage(command, *language);
  command.run = [language] { return List(LanguageOf(*language)); };
  return command;
}

}  // namespace zabsim
