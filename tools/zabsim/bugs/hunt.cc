// Each is a campaign of zabsim fuzz, which ends when it has seen what identifies the bug.
#include "tools/zabsim/bugs/hunt.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "scenarios/runner/shrink/shrink.h"
#include "tools/zabsim/campaign/campaign.h"
#include "tools/zabsim/campaign/file_io.h"

namespace zabsim {
namespace {

/// An election that never ends makes a long run, and the processor may be busy with other work.
constexpr std::chrono::seconds kPatience(600);

std::string FolderOfBug(const scenario::BugEntry& bug, const HuntOptions& options) {
  return absl::StrCat(options.out, "/", absl::AsciiStrToLower(bug.id));
}

class Chaser {
 public:
  Chaser(const scenario::BugEntry& bug, uint64_t root_seed, const HuntOptions& options,
         const HuntProgress& progress)
      : folder_(absl::StrCat(FolderOfBug(bug, options), "/", root_seed)),
        options_(options),
        progress_(progress),
        plan_{.overrides = {scenario::SettingOf(bug)}, .root_seed = root_seed},
        chase_{.root_seed = root_seed} {}

  /// Until the bug is found, the budget is spent, or `progress` ends it.
  absl::Status Run() {
    std::vector<scenario::Document> documents;
    for (const std::string& file : options_.files) {
      if (absl::Status status = AddFile(file, plan_, documents); !status.ok()) return status;
    }
    std::filesystem::remove_all(folder_);  // Of an earlier hunt.
    const Campaign::Listener listener{
        .on_progress = [this](const Campaign& campaign) { LookForTrouble(campaign.findings()); },
        .on_finding = [](const Finding&) {},
        .on_run = [this](const RunReport& report) { OnRun(report); }};
    Campaign campaign(plan_, documents, {.out = folder_, .jobs = options_.jobs, .shrink = false},
                      listener);
    if (absl::Status status = campaign.Open(); !status.ok()) return status;
    if (absl::Status status = campaign.Run([this] { return IsOver(); }); !status.ok()) {
      return status;
    }
    if (!signature_.empty()) file_ = campaign.findings().WholeFile(signature_);
    return trouble_.empty() ? absl::OkStatus() : absl::InternalError(trouble_);
  }

  const Chase& chase() const { return chase_; }
  /// The run that showed the bug, as a file.  Empty: none.
  const std::string& file() const { return file_; }
  bool interrupted() const { return interrupted_; }

 private:
  /// A run that ends its process, and does so again.
  void LookForTrouble(const Findings& findings) {
    for (const auto& [signature, finding] : findings.all()) {
      const bool unsure = !finding.IsComparison() && finding.confirmation != Confirmation::kTwice;
      if (!finding.ends_process || unsure) continue;
      trouble_ = absl::StrCat(folder_, ": ", signature, " (", finding.failure.file, ", ",
                              finding.failure.strategy, ", seed ", finding.failure.seed, ")");
    }
  }

  void OnRun(const RunReport& report) {
    Cost& spent = chase_.spent;
    ++spent.runs;
    spent.cpu_nanoseconds += report.cpu_nanoseconds;
    if (!chase_.anything && !report.explored.signature.empty()) chase_.anything = spent;
    if (chase_.named || !report.explored.shows_bug) return;
    chase_.named = spent;
    signature_ = report.explored.signature;
  }

  bool IsOver() {
    if (!progress_(chase_, 0)) interrupted_ = true;
    const auto budget = static_cast<uint64_t>(options_.budget.count());
    return chase_.named || chase_.spent.cpu_nanoseconds >= budget || interrupted_ ||
           !trouble_.empty();
  }

  std::string folder_;
  const HuntOptions& options_;
  const HuntProgress& progress_;
  CampaignPlan plan_;
  Chase chase_;
  std::string signature_;
  std::string file_;
  std::string trouble_;
  bool interrupted_ = false;
};

/// Minimises the case in that file, and writes the result beside the campaigns.
absl::Status ShrinkCase(const std::string& file, const HuntOptions& options,
                        const HuntProgress& progress, const Chase& chase, Hunted& hunted) {
  const auto document = scenario::Document::Load(file);
  if (!document.ok()) return document.status();
  const auto shrunk =
      Shrink(*document, document->scenario().run.seeds[0], {.progress = [&](uint64_t replays) {
        if (!progress(chase, replays)) hunted.interrupted = true;
        return !hunted.interrupted;
      }});
  if (!shrunk.ok()) {
    hunted.small = SmallCase{.trouble = std::string(shrunk.status().message())};
    return absl::OkStatus();
  }
  hunted.small_file = FolderOfBug(*hunted.bug, options) + ".json";
  hunted.small = SmallCase{.servers = shrunk->servers,
                           .faults = shrunk->faults,
                           .operations = shrunk->operations,
                           .replays = shrunk->replays,
                           .story = shrunk->story};
  return ReplaceFile(hunted.small_file, shrunk->text);
}

}  // namespace

uint64_t Hunted::Found() const {
  return static_cast<uint64_t>(
      std::ranges::count_if(chases, [](const Chase& chase) { return chase.named.has_value(); }));
}

absl::StatusOr<Hunted> HuntBug(const scenario::BugEntry& bug, const HuntOptions& options,
                               const HuntProgress& progress) {
  Hunted hunted{.bug = &bug};
  std::string first_file;
  for (uint64_t i = 0; i < options.repeat; ++i) {
    Chaser chaser(bug, options.first_seed + i, options, progress);
    if (absl::Status status = chaser.Run(); !status.ok()) return status;
    hunted.interrupted = chaser.interrupted();
    if (hunted.interrupted && !chaser.chase().named)
      return hunted;  // Interrupted: not a measurement.
    hunted.chases.push_back(chaser.chase());
    if (first_file.empty()) first_file = chaser.file();
    if (hunted.interrupted) return hunted;
  }
  if (!options.shrink || first_file.empty()) return hunted;
  absl::Status status = ShrinkCase(first_file, options, progress, hunted.chases.back(), hunted);
  if (!status.ok()) return status;
  return hunted;
}

}  // namespace zabsim
