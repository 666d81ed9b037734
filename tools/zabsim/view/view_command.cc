// zabsim view FILE -o run.html: a run as one page that opens from the disk, without network.
#include <fstream>
#include <iostream>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "tools/zabsim/command.h"
#include "tools/zabsim/language_option.h"
#include "tools/zabsim/view/page.h"
#include "tools/zabsim/view/recorded_run.h"
#include "tools/zabsim/words.h"

namespace zabsim {
namespace {

struct ViewOptions {
  std::string file, out, seed, language = "en";
  uint64_t events = 300'000;
};

absl::Status WritePage(const std::string& path, const std::string& html) {
  std::ofstream file(path, std::ios::trunc | std::ios::binary);
  file << html;
  file.close();
  if (file) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": cannot be written; -o needs a file in a folder that exists"));
}

int View(const ViewOptions& options) {
  const auto run = LoadRun(options.file, options.seed);
  if (!run.ok()) return Fail(run.status());
  const auto page = PageOf(*run, options.events);
  if (!page.ok()) return Fail(page.status());
  if (absl::Status status = WritePage(options.out, page->html); !status.ok()) return Fail(status);
  const bool zh = LanguageOf(options.language) == Language::kChinese;
  std::cout << options.out << (zh ? "：" : ": ") << Grouped(page->records)
            << (zh ? " 个事件，" : " events, ") << Grouped(page->html.size() / 1000) << " kB";
  if (page->detail != Detail::kAll) {
    std::cout << (zh ? "；省略了 " : "; left out, of ") << Grouped(run->records.size())
              << (zh ? " 个事件中的 " : ": ") << LeftOut(page->detail);
  }
  std::cout << "\n";
  return 0;
}

}  // namespace

void AddView(CLI::App& app, Action& action) {
  auto options = std::make_shared<ViewOptions>();
  CLI::App* command = app.add_subcommand("view", "Make a page of a run, to look at in a browser");
  command->add_option("FILE", options->file, "A trace, or a scenario, which is run")->required();
  command->add_option("-o,--out", options->out, "The page to write, as in run.html")->required();
  command->add_option("--seed", options->seed, "Of a scenario: the seed; else its first");
  command
      ->add_option("--events", options->events,
                   "The most that the page may hold; of a longer run it leaves out heartbeats, "
                   "then messages, then all but milestones, and says so")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  AddLanguage(*command, options->language);
  command->callback([options, &action] { action = [options] { return View(*options); }; });
}

}  // namespace zabsim
