// zabsim view FILE -o run.html: a run as one page that opens from the disk, without network.
// zabsim view --all FOLDER -o DIR: the lessons among the scenarios as a site.
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "tools/zabsim/campaign/file_io.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/interrupt.h"
#include "tools/zabsim/cli/language_option.h"
#include "tools/zabsim/cli/words.h"
#include "tools/zabsim/view/commands.h"
#include "tools/zabsim/view/page.h"
#include "tools/zabsim/view/recorded_run.h"
#include "tools/zabsim/view/run_choice_option.h"
#include "tools/zabsim/view/site.h"

namespace zabsim {
namespace {

struct ViewOptions {
  std::string file, out;
  RunChoice choice;
  PageOptions page;
  bool all = false;
};

/// The text in the chosen language.
const char* Choose(const ViewOptions& options, const char* en, const char* zh) {
  return LanguageOf(options.page.language) == Language::kChinese ? zh : en;
}

std::string Size(uint64_t bytes) {
  return absl::StrCat(Grouped(bytes / 1000), " kB");
}

int View(const ViewOptions& options) {
  const auto run = LoadRun(options.file, options.choice);
  if (!run.ok()) return Fail(run.status());
  const Page page = PageOf(*run, options.page);
  if (const absl::Status status = ReplaceFile(options.out, page.html); !status.ok()) {
    return Fail(status);
  }
  std::cout << options.out << Choose(options, ": ", "：") << Grouped(page.records)
            << Choose(options, " events, ", " 个事件，") << Size(page.html.size());
  if (page.detail != Detail::kAll) {
    std::cout << Choose(options, "; left out, of ", "；省略了 ") << Grouped(run->records.size())
              << Choose(options, ": ", " 个事件中的 ") << LeftOut(page.detail);
  }
  std::cout << "\n";
  if (page.other_run) {
    std::cout << Choose(options, "the questions of the lesson are about another run: left out\n",
                        "课程的问题针对另一次运行：已省略\n");
  }
  if (!run->cut.empty()) std::cout << run->cut << "\n";
  return 0;
}

int ViewAll(const ViewOptions& options) {
  if (!options.choice.seed.empty() || !options.choice.bug.empty()) {
    return Fail(absl::InvalidArgumentError(
        absl::StrCat(options.choice.seed.empty() ? "--bug" : "--seed",
                     ": --all runs each story as its file says; view one file to choose")));
  }
  CatchInterrupts();
  const auto made = [&](const SitePage& page) {
    std::cout << page.name << Choose(options, ": ", "：") << Size(page.bytes);
    if (page.missed > 0) {
      std::cout << Choose(options,
                          "; questions that the run never reaches: ", "；运行没有到达的问题：")
                << page.missed;
    }
    std::cout << "\n" << std::flush;
    return !Interrupted();
  };
  const SiteOptions site_options{.folder = options.file, .out = options.out, .page = options.page};
  const auto site = MakeSite(site_options, made);
  if (!site.ok()) return Fail(site.status());
  if (!site->whole) return kExitInterrupted;
  std::cout << options.out << "/index.html" << Choose(options, ": ", "：") << site->pages
            << Choose(options, " pages\n", " 页\n");
  return 0;
}

}  // namespace

Command ViewCommand() {
  const auto options = std::make_shared<ViewOptions>();
  Command command{"view", "Make a page of a run, to look at in a browser"};
  command.examples = {
      "zabsim view scenarios/leader-crash.json -o leader-crash.html",
      "zabsim view --all scenarios -o lessons",
  };
  command
      .Add("FILE", &options->file,
           "A trace, a folder of findings, or a scenario, which is run; with --all a folder of "
           "scenarios")
      .Required();
  command.Add("-o,--out", &options->out, "The page to write, as in run.html; with --all a folder")
      .Required();
  command.Add("--all", &options->all,
              "A site: a page for each story with a lesson, and index.html");
  AddRunChoice(command, options->choice);
  command
      .Add("--events", &options->page.events,
           "The most events that the page may have; of a longer run it leaves out heartbeats, then "
           "messages, then what is far from the verdict and no milestone, and says so")
      .Within(100, 10'000'000)
      .ShowDefault();
  command
      .Add("--lang", &options->page.language,
           "Language of the page, and of what is said here: en or zh; without it that of the "
           "browser")
      .OneOf({"en", "zh"});
  command.run = [options] { return options->all ? ViewAll(*options) : View(*options); };
  return command;
}

}  // namespace zabsim
