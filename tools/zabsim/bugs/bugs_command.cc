// zabsim bugs: the known bugs that --bug switches on, and how fast campaigns find them.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/language/bugs.h"
#include "scenarios/runner/verdict/result.h"
#include "tools/zabsim/bugs/commands.h"
#include "tools/zabsim/bugs/hunt.h"
#include "tools/zabsim/bugs/hunt_report.h"
#include "tools/zabsim/cli/bug_option.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/interrupt.h"
#include "tools/zabsim/cli/language_option.h"
#include "tools/zabsim/cli/terminal_text.h"
#include "tools/zabsim/cli/words.h"
#include "tools/zabsim/cli/work.h"

namespace zabsim {
namespace {

constexpr int kMostCampaigns = 50;  // MedianOf takes no more.

struct BugsOptions {
  std::vector<std::string> ids;
  std::string budget = "60s", language = "en";
  bool list = false, json = false, no_shrink = false;
  HuntOptions hunt{.out = "zabsim-bugs"};
};

int ListBugs(Language language) {
  for (const scenario::BugEntry& bug : scenario::AllBugs()) {
    const absl::string_view title = language == Language::kChinese ? bug.title_zh : bug.title_en;
    std::printf("%-15s %-20s %s\n", absl::StrCat(bug.id).c_str(),
                absl::StrCat(bug.violates).c_str(), absl::StrCat(title).c_str());
    if (!bug.cost.empty()) std::printf("%37s%s\n", "", absl::StrCat(bug.cost).c_str());
  }
  return 0;
}

absl::StatusOr<std::vector<const scenario::BugEntry*>> ChosenBugs(const BugsOptions& options) {
  std::vector<const scenario::BugEntry*> bugs;
  for (const std::string& id : options.ids) {
    const auto bug = BugNamed("ID", id);
    if (!bug.ok()) return bug.status();
    bugs.push_back(*bug);
  }
  if (!options.ids.empty()) return bugs;
  for (const scenario::BugEntry& bug : scenario::AllBugs()) bugs.push_back(&bug);
  return bugs;
}

absl::StatusOr<HuntOptions> HuntOptionsOf(const BugsOptions& options) {
  HuntOptions hunt = options.hunt;
  hunt.shrink = !options.no_shrink;
  const auto budget = SecondsOption("--budget", options.budget);
  if (!budget.ok()) return budget.status();
  hunt.budget = *budget;
  hunt.files = ScenarioFiles(ScenarioFolder() + "/ci");
  if (!hunt.files.empty()) return hunt;
  return absl::InvalidArgumentError(
      "no scenarios/ci/*.json, which the hunt runs: start it in the folder that holds scenarios/");
}

/// A line on the terminal that shows the progress of the hunt.
class HuntLine {
 public:
  explicit HuntLine(const HuntOptions& options)
      : options_(options), terminal_(IsTerminal(STDERR_FILENO)) {}

  void Show(const scenario::BugEntry& bug, const Chase& chase, uint64_t replays) {
    const std::string text =
        replays > 0 ? absl::StrCat("minimised: ", Grouped(replays), " replays")
                    : absl::StrCat("campaign ", chase.root_seed - options_.first_seed + 1, " of ",
                                   options_.repeat, ", ", Grouped(chase.spent.runs), " runs");
    if (!terminal_ || text == shown_) return;
    shown_ = text;
    std::cerr << "\r\033[K" << bug.id << ": " << text << std::flush;
  }
  void Clear() {
    if (!shown_.empty()) std::cerr << "\r\033[K" << std::flush;
    shown_.clear();
  }

 private:
  const HuntOptions& options_;
  bool terminal_;
  std::string shown_;
};

/// Prints each row as soon as it is known.
int Hunt(const BugsOptions& options) {
  const auto bugs = ChosenBugs(options);
  if (!bugs.ok()) return Fail(bugs.status());
  const auto hunt = HuntOptionsOf(options);
  if (!hunt.ok()) return Fail(hunt.status());
  CatchSignalsOfWorkers();
  if (!options.json) std::cout << HuntHeader() << std::endl;
  HuntLine line(*hunt);
  bool all_found = true;
  for (const scenario::BugEntry* bug : *bugs) {
    const auto hunted = HuntBug(*bug, *hunt, [&](const Chase& chase, uint64_t replays) {
      line.Show(*bug, chase, replays);
      return !Interrupted();
    });
    line.Clear();
    if (!hunted.ok()) {
      const int usage = Fail(hunted.status());
      return hunted.status().code() == absl::StatusCode::kInternal ? kExitOwnBug : usage;
    }
    if (!hunted->chases.empty()) {
      std::cout << (options.json ? ToJson(*hunted, *hunt) : HuntRow(*hunted)) << std::endl;
    }
    if (hunted->interrupted) return kExitInterrupted;
    all_found = all_found && hunted->Found() == hunt->repeat;
  }
  return all_found ? 0 : scenario::ExitCodeOf(scenario::RunVerdict::kUnmet);
}

}  // namespace

int HelpBugs() {
  std::cout << R"(zabsim bugs --list
zabsim bugs [ID...] [--budget=60s] [--repeat=10] [--seed=1] [--jobs=N] [--json] [--no-shrink]
            [--out=DIR]
Hunts each bug with the scenarios of scenarios/ci, which know nothing of any bug, in campaigns of
zabsim fuzz with consecutive root seeds (--repeat of them, starting at --seed).  A campaign ends
when it has seen what identifies the bug (an invariant or, for a bug that only stops progress, a
missed deadline) or its runs have used the CPU time of --budget.  One row for each bug:
  found      campaigns that saw what identifies the bug
  anything   the first violation or missed deadline of any kind, as a user would see it
  named by   what identifies the bug, which published figures refer to
  left       the first case found, minimised: servers, faults, operations; DIR/ID.json
Runs and CPU seconds are medians over the campaigns, with a 95 % interval of the median from order
statistics (of ten campaigns the second and the ninth); – means not seen.  CPU time
is that of the runs alone.  With --jobs above 1 the number of runs depends on the machine.
Exit codes: 0 every campaign found its bug; 13 one did not; 70 a run ended its process; 2 usage;
130 Ctrl-C, after the rows so far.
)";
  return 0;
}

Command BugsCommand() {
  const auto options = std::make_shared<BugsOptions>();
  Command command{"bugs", "Known bugs: list them, or see how fast they are found"};
  command.examples = {
      "zabsim bugs --list",
      "zabsim bugs ZOOKEEPER-2845 --repeat=3 --budget=60s --out=bugs-out",
  };
  command.Add("ID", &options->ids, "Bugs (all)");
  command.Add("--list", &options->list,
              "Id, what identifies it, title, and what others needed to find it");
  command.Add("--budget", &options->budget, "CPU time of a campaign").ShowDefault();
  command.Add("--repeat", &options->hunt.repeat, "Campaigns for each bug")
      .Within(1, kMostCampaigns)
      .ShowDefault();
  command.Add("--seed", &options->hunt.first_seed, "Root seed of the first campaign").ShowDefault();
  command.Add("--jobs", &options->hunt.jobs, "Processes of a campaign")
      .Within(1, 256)
      .ShowDefault();
  command.Add("--out", &options->hunt.out, "Where campaigns and minimised cases are kept")
      .ShowDefault();
  command.Add("--json", &options->json, "Each row as a line of JSON, with every campaign");
  command.Add("--no-shrink", &options->no_shrink, "Do not minimise the cases");
  AddLanguage(command, options->language);
  command.run = [options] {
    return options->list ? ListBugs(LanguageOf(options->language)) : Hunt(*options);
  };
  return command;
}

}  // namespace zabsim
