// zabsim bugs --list: the known bugs that --bug switches on.
#include <cstdio>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "scenarios/runner/bugs.h"
#include "tools/zabsim/command.h"
#include "tools/zabsim/language_option.h"

namespace zabsim {
namespace {

int ListBugs(Language language) {
  for (const scenario::BugEntry& bug : scenario::AllBugs()) {
    const absl::string_view title = language == Language::kChinese ? bug.title_zh : bug.title_en;
    std::printf("%-15s %-20s %s\n", absl::StrCat(bug.id).c_str(),
                absl::StrCat(bug.violates).c_str(), absl::StrCat(title).c_str());
    if (!bug.cost.empty()) std::printf("%37s%s\n", "", absl::StrCat(bug.cost).c_str());
  }
  return 0;
}

}  // namespace

void AddBugs(CLI::App& app, Action& action) {
  struct Options {
    bool list = false;
    std::string language = "en";
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("bugs", "The known bugs that --bug switches on");
  command
      ->add_flag("--list", options->list,
                 "Id, what names it, title, and what others needed to find it")
      ->required();
  AddLanguage(*command, options->language);
  command->callback([options, &action] {
    action = [options] { return ListBugs(LanguageOf(options->language)); };
  });
}

}  // namespace zabsim
