// zabsim validate FILE...: checks scenarios without running them.
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "scenarios/runner/parse/document.h"
#include "tools/zabsim/cli/command.h"

namespace zabsim {
namespace {

/// "n1=1 n2=2 n3=3": which server has which sid.
std::string Sids(const scenario::Scenario& scenario) {
  std::string text;
  for (size_t i = 0; i < scenario.cluster.voters.size(); ++i) {
    absl::StrAppend(&text, i == 0 ? "" : " ", scenario.cluster.voters[i], "=", i + 1);
  }
  return text;
}

int Validate(const std::vector<std::string>& files, const std::vector<std::string>& overrides) {
  int code = 0;
  for (const std::string& file : files) {
    const auto document = scenario::Document::Load(file, overrides);
    if (!document.ok()) {
      code = Fail(document.status());
      continue;
    }
    std::printf("%s: valid, digest %s, sids %s\n", file.c_str(), document->digest().c_str(),
                Sids(document->scenario()).c_str());
  }
  return code;
}

}  // namespace

void AddValidate(CLI::App& app, Action& action) {
  struct Options {
    std::vector<std::string> files;
    std::vector<std::string> overrides;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("validate", "Check scenarios without running them");
  command->add_option("FILE", options->files, "Scenario files")->required();
  command->add_option("--set", options->overrides, "/pointer=value: change one value")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->callback([options, &action] {
    action = [options] { return Validate(options->files, options->overrides); };
  });
}

}  // namespace zabsim
