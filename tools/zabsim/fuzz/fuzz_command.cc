// zabsim fuzz FILE...: a campaign of runs, each distinct failure confirmed and kept.
#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/language/units.h"
#include "tools/zabsim/campaign/campaign.h"
#include "tools/zabsim/cli/bug_option.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/seed_option.h"
#include "tools/zabsim/cli/terminal_text.h"
#include "tools/zabsim/cli/words.h"
#include "tools/zabsim/cli/work.h"
#include "tools/zabsim/fuzz/commands.h"
#include "tools/zabsim/fuzz/file_settings.h"
#include "tools/zabsim/fuzz/fuzz_report.h"
#include "tools/zabsim/fuzz/reports_option.h"

namespace zabsim {
namespace {

struct FuzzOptions {
  std::vector<std::string> files;
  std::vector<std::string> overrides;
  std::string seed, shard = "1/1", strategy, time, peer, corpus, bug;
  std::optional<uint64_t> runs;
  ReportOptions reports;
  CampaignOptions campaign{.out = "zabsim-fuzz"};
  WorkerOptions workers;
  bool quiet = false, no_shrink = false, plan = false;
};

absl::StatusOr<CampaignPlan> MakePlan(const FuzzOptions& options,
                                      std::vector<scenario::Document>& documents) {
  CampaignPlan plan{.overrides = options.overrides, .peer = options.peer};
  if (!options.bug.empty()) {
    const auto bug = BugNamed("--bug", options.bug);
    if (!bug.ok()) return bug.status();
    plan.overrides.push_back(scenario::SettingOf(**bug));
  }
  const auto shard = ShardOption(options.shard);
  if (!shard.ok()) return shard.status();
  plan.shard = shard->number;
  plan.shards = shard->of;
  if (!options.strategy.empty()) {
    const auto mix = scenario::ParseMix(options.strategy);
    if (!mix.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("--strategy: ", mix.status().message()));
    }
    plan.mix = *mix;
  }
  for (const std::string& file : options.files) {
    // Workers read it too, so that it has to be a file.
    const std::string path = file == "-" ? file : ScenarioPath(file);
    if (absl::Status status = AddFile(path, plan, documents); !status.ok()) return status;
  }
  return plan;
}

/// Options that the command line does not set come from the files.
absl::Status ApplyFileSettings(const scenario::Run& settings, const FuzzOptions& options,
                               CampaignPlan& plan, CampaignOptions& campaign) {
  const absl::StatusOr<uint64_t> seed = options.seed.empty() && settings.seeds.of_commit
                                            ? SeedOfThisCommit()
                                            : SeedOption(options.seed.empty() ? "1" : options.seed);
  if (!seed.ok()) return seed.status();
  plan.root_seed = *seed;
  if (options.strategy.empty() && settings.strategy) plan.mix = *settings.strategy;
  if (campaign.fail_fast == 0) campaign.fail_fast = settings.fail_fast.value_or(0);
  campaign.audited = settings.selfcheck.value_or(campaign.audited);
  campaign.shrink = !options.no_shrink && settings.shrink.value_or(true);
  if (settings.budget && !campaign.time && !campaign.runs) {
    campaign.cpu = settings.budget->cpu;
    if (const auto& wall = settings.budget->wall) {
      campaign.time = std::chrono::seconds(wall->nanoseconds / 1'000'000'000);
    }
  }
  if (!campaign.time && !campaign.runs && !campaign.cpu) campaign.time = std::chrono::minutes(1);
  return absl::OkStatus();
}

std::string LeftOf(const Campaign& campaign) {
  if (campaign.options().time) {
    const auto left = *campaign.options().time - campaign.elapsed();
    return absl::StrCat(", ", std::max<int64_t>(left.count() / 1000, 0), " s left");
  }
  if (!campaign.options().runs) return "";
  const CampaignPlan& plan = campaign.plan();
  const uint64_t wanted = plan.RunsOf(plan.shard, *campaign.options().runs);
  return absl::StrCat(", ", Grouped(wanted - std::min(campaign.progress().runs(), wanted)),
                      " runs left");
}

std::string HowFar(const Campaign& campaign) {
  const auto ms = std::max<uint64_t>(static_cast<uint64_t>(campaign.elapsed().count()), 1);
  return absl::StrCat(Grouped(campaign.progress().runs()), " runs, ",
                      Grouped(campaign.runs_this_session() * 1000 / ms), "/s, ",
                      Grouped(campaign.progress().coverage().state_count()), " states, ",
                      campaign.findings().all().size(), " findings", LeftOf(campaign));
}

absl::StatusOr<CampaignOptions> OptionsOf(const FuzzOptions& options) {
  CampaignOptions campaign = options.campaign;
  campaign.runs = options.runs;
  SetWorkers(options.workers, campaign);
  if (!options.time.empty()) {
    const auto time = SecondsOption("--time", options.time);
    if (!time.ok()) return time.status();
    campaign.time = *time;
  }
  if (!options.corpus.empty()) {
    auto corpus = ReadCorpus(options.corpus);
    if (!corpus.ok()) return corpus.status();
    campaign.corpus = *std::move(corpus);
  }
  return campaign;
}

int Fuzz(const FuzzOptions& options, const Peers& peers) {
  std::vector<scenario::Document> documents;
  absl::StatusOr<CampaignPlan> plan = MakePlan(options, documents);
  if (!plan.ok()) return Fail(plan.status());
  if (const auto servers = FindPeer(peers, options.peer); !servers.ok())
    return Fail(servers.status());
  absl::StatusOr<CampaignOptions> campaign_options = OptionsOf(options);
  if (!campaign_options.ok()) return Fail(campaign_options.status());
  const absl::StatusOr<scenario::Run> settings = FileSettingsOf(*plan, documents);
  if (!settings.ok()) return Fail(settings.status());
  const absl::Status applied = ApplyFileSettings(*settings, options, *plan, *campaign_options);
  if (!applied.ok()) return Fail(applied);
  if (options.plan) {
    plan->planned = {campaign_options->runs, campaign_options->time, campaign_options->cpu};
    std::cout << ToText(*plan);
    return 0;
  }

  ProgressLine line(options.quiet);
  const Campaign* self = nullptr;
  const auto view = [&] {
    return CampaignView{self->plan(), self->documents(), self->progress(), self->findings(),
                        self->options().corpus};
  };
  Campaign campaign(*plan, documents, *campaign_options,
                    {.on_progress =
                         [&](const Campaign& c) {
                           if (line.IsDue()) line.Show(HowFar(c));
                         },
                     .on_finding =
                         [&](const Finding& finding) {
                           line.Clear();
                           std::cout << "found: " << finding.failure.signature << "\n  "
                                     << finding.failure.first
                                     << "\n  reproduce: " << ReproducingCommand(view(), finding)
                                     << std::endl;
                         }});
  self = &campaign;
  if (const absl::Status status = campaign.Open(); !status.ok()) return Fail(status);
  const uint64_t before = campaign.progress().runs();
  if (before > 0 && !options.quiet) {
    std::cout << "resuming " << campaign_options->out << ", which has " << Grouped(before)
              << " runs and " << campaign.findings().all().size() << " findings\n";
  }
  CatchSignalsOfWorkers();
  const absl::Status status = campaign.Run([] { return Interrupted(); });
  line.Clear();
  // What was found is judged, whatever has ended the campaign.
  const int code = WriteReports(options.reports, view(), options.quiet);
  if (!status.ok()) return WorseCode(code, Fail(status));
  return Interrupted() ? kExitInterrupted : code;
}

}  // namespace

Command FuzzCommand(const Peers& peers) {
  const auto options = std::make_shared<FuzzOptions>();
  Command command{"fuzz", "Run many seeds, and keep each distinct failure"};
  command.examples = {
      "zabsim fuzz scenarios/ci/swarm.json --time=60s --out=fuzz-out",
      "zabsim fuzz scenarios/ci/*.json --runs=1000 --shard=1/2 --seed=2026-11-30 --out=shard1",
  };
  command.Add("FILE", &options->files, "Scenario files").Required();
  command.Add("--runs", &options->runs,
              "So many runs in all: of all shards, and those of a campaign that is gone on with "
              "included");
  command.Add("--time", &options->time, "So long, as in 60s or 8h (60s, unless --runs)");
  command.Add("--seed", &options->seed,
              "Root seed: a number, the hash of a commit, or a date as 2026-11-30 (1)");
  command.Add("--shard", &options->shard, "i/n: the i-th of n parts of the campaign").ShowDefault();
  command.Add("--strategy", &options->strategy,
              "NAME[:WEIGHT],... of random, probe_sweep, pctcp (" +
                  scenario::ToString(scenario::kDefaultMix) + ")");
  command.Add("--out", &options->campaign.out, "Where findings and progress are kept")
      .ShowDefault();
  AddOverrides(command, options->overrides);
  command.Add("--bug", &options->bug, "Switch this known bug on in all servers");
  command.Add("--corpus", &options->corpus,
              "Folder of files of earlier failures, which are run first");
  command.Add("--fail-fast", &options->campaign.fail_fast, "Stop after this many findings")
      .Within(1, 1'000'000);
  command.Add("--no-shrink", &options->no_shrink, "Leave failures as they were found");
  AddWorkers(command, options->workers);
  command.Add("--quiet", &options->quiet, "Show findings only");
  command.Add("--plan", &options->plan, "Print what campaign.json would say, and run nothing");
  AddReports(command, options->reports);
  AddPeer(command, options->peer, peers);
  command.run = [options, &peers] { return Fuzz(*options, peers); };
  return command;
}

}  // namespace zabsim
