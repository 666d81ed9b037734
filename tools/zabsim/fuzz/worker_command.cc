// zabsim worker: makes the runs of a campaign that are requested on its standard input, one per
// line.  Started by zabsim fuzz, not by people.
//   run N        run N of the campaign
//   file PATH    the scenario in that file, with its first seed and the choice log beside it
//   record PATH  the same by the seed alone; writes the choice log
// The answer is a line of JSON (wire.h).
#include <sys/prctl.h>
#include <sys/resource.h>

#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "scenarios/runner/search/explored_run.h"
#include "tools/zabsim/campaign/choices_file.h"
#include "tools/zabsim/campaign/plan_file.h"
#include "tools/zabsim/campaign/wire.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/report.h"
#include "tools/zabsim/fuzz/commands.h"

namespace zabsim {
namespace {

struct CampaignWorkerOptions {
  std::string plan;
  uint64_t memory = 0;  // MiB; 0: no limit.
};

absl::StatusOr<scenario::Explored> Watched(const scenario::Document& document, uint64_t seed,
                                           const scenario::ServerFactory& servers,
                                           zab::DrawWatch* draws) {
  const auto scenario = document.Instantiate({seed, draws});
  if (!scenario.ok()) return scenario.status();
  return scenario::Explore(*scenario, seed, servers, draws);
}

absl::StatusOr<scenario::Explored> ExploreFile(const std::string& path,
                                               const scenario::ServerFactory& servers) {
  const auto document = scenario::Document::Load(path);
  if (!document.ok()) return document.status();
  const auto choices = ReadChoicesBeside(path);
  if (!choices.ok()) return choices.status();
  const uint64_t seed = document->scenario().run.seeds[0];
  if (!*choices || (*choices)->IsStale()) return Watched(*document, seed, servers, nullptr);
  scenario::ChoiceReplayer replayer(**choices);
  return Watched(*document, (*choices)->seed, servers, &replayer);
}

absl::StatusOr<scenario::Explored> RecordFile(const std::string& path,
                                              const scenario::ServerFactory& servers) {
  const auto document = scenario::Document::Load(path);
  if (!document.ok()) return document.status();
  const uint64_t seed = document->scenario().run.seeds[0];
  scenario::ChoiceRecorder recorder;
  auto explored = Watched(*document, seed, servers, &recorder);
  if (!explored.ok()) return explored;
  absl::Status status =
      WriteChoices(ChoicesBeside(path), recorder, *document, seed, explored->trace_hash);
  if (!status.ok()) return status;
  return explored;
}

class Worker {
 public:
  Worker(CampaignPlan plan, std::vector<scenario::Document> documents,
         scenario::ServerFactory servers)
      : plan_(std::move(plan)),
        documents_(std::move(documents)),
        weights_(scenario::FileWeights(documents_)),
        servers_(std::move(servers)) {}

  absl::StatusOr<scenario::Explored> Answer(absl::string_view request) const {
    if (absl::ConsumePrefix(&request, "file ")) return ExploreFile(std::string(request), servers_);
    if (absl::ConsumePrefix(&request, "record ")) return RecordFile(std::string(request), servers_);
    uint64_t index = 0;
    if (!absl::ConsumePrefix(&request, "run ") || !absl::SimpleAtoi(request, &index)) {
      return absl::InvalidArgumentError(
          absl::StrCat("wanted run N, file PATH or record PATH, found ", request));
    }
    const scenario::PlannedRun run = scenario::PlanRun(plan_.root_seed, index, weights_, plan_.mix);
    return scenario::Explore(documents_[run.file], run, servers_);
  }

 private:
  CampaignPlan plan_;
  std::vector<scenario::Document> documents_;
  std::vector<uint64_t> weights_;  // Of the documents.
  scenario::ServerFactory servers_;
};

int Work(const CampaignWorkerOptions& options, const Peers& peers) {
  ::prctl(PR_SET_NAME, "zabsim-worker");  // For ps and top.
  if (options.memory > 0) {
    const rlim_t bytes = rlim_t{options.memory} << 20;
    const rlimit limit{bytes, bytes};
    ::setrlimit(RLIMIT_AS, &limit);
  }
  const auto plan = ReadPlan(options.plan);
  if (!plan.ok()) return Fail(plan.status());
  const auto documents = LoadFiles(*plan);
  if (!documents.ok()) return Fail(documents.status());
  const auto servers = FindPeer(peers, plan->peer);
  if (!servers.ok()) return Fail(servers.status());
  const Worker worker(*plan, *documents, *servers);
  for (std::string request; std::getline(std::cin, request);) {
    const Stopwatch watch;
    const auto explored = worker.Answer(request);
    if (!explored.ok()) return Fail(explored.status());
    std::cout << ToLine({*explored, watch.Host(0).cpu_nanoseconds}) << std::endl;
  }
  return 0;
}

}  // namespace

Command WorkerCommand(const Peers& peers) {
  const auto options = std::make_shared<CampaignWorkerOptions>();
  Command command{.name = "worker", .description = "Makes runs for zabsim fuzz", .hidden = true};
  command.Add("--plan", &options->plan, "campaign.json").Required();
  command.Add("--memory", &options->memory, "Limit, MiB");
  command.run = [options, &peers] { return Work(*options, peers); };
  return command;
}

}  // namespace zabsim
