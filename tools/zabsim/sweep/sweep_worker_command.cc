// zabsim sweep-worker: makes the runs of a sweep that are requested on its standard input, one
// "CELL REPEAT" per line.  Started by zabsim sweep, not by people.  The answer is a line of
// runs.ndjson.
#include <sys/prctl.h>
#include <sys/resource.h>

#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "scenarios/runner/run/run.h"
#include "tools/zabsim/sweep/commands.h"
#include "tools/zabsim/sweep/swept_run.h"

namespace zabsim {
namespace {

struct SweepWorkerOptions {
  std::string manifest;
  uint64_t memory = 0;  // MiB; 0: no limit.
};

class SweepWorker {
 public:
  SweepWorker(SweepManifest manifest, scenario::ServerFactory servers)
      : manifest_(std::move(manifest)), servers_(std::move(servers)) {}

  absl::StatusOr<std::string> Answer(const SweepRun& run) {
    if (run.cell >= manifest_.cells.size() || run.repeat >= manifest_.sweep().MostRepeats()) {
      return absl::InvalidArgumentError("wanted a cell and a repeat of the sweep");
    }
    if (!document_ || cell_ != run.cell) {
      auto document = DocumentOf(manifest_, run.cell);
      if (!document.ok()) return document.status();
      document_ = *std::move(document);
      cell_ = run.cell;
    }
    const uint64_t seed = manifest_.seeds()[run.repeat];
    const auto scenario = document_->Instantiate(zab::Chooser(seed));
    if (!scenario.ok()) return scenario.status();
    scenario::RunOptions options{.servers = servers_};
    if (scenario->known_bug) {
      options.bug = scenario::BugIn(*scenario, *scenario::FindBug(scenario->known_bug->id));
      options.bug->in_each_run = false;  // How often it shows is what is measured.
    }
    const scenario::RunResult result = scenario::RunOnce(*scenario, seed, options);
    return LineOf(run, result, *scenario, document_->digest());
  }

 private:
  SweepManifest manifest_;
  scenario::ServerFactory servers_;
  std::optional<scenario::Document> document_;  // Of cell_.
  uint64_t cell_ = 0;
};

std::optional<SweepRun> RunOf(const std::string& request) {
  const std::vector<std::string> words = absl::StrSplit(request, ' ');
  SweepRun run;
  const bool good = words.size() == 2 && absl::SimpleAtoi(words[0], &run.cell) &&
                    absl::SimpleAtoi(words[1], &run.repeat);
  return good ? std::optional(run) : std::nullopt;
}

int Work(const SweepWorkerOptions& options, const Peers& peers) {
  ::prctl(PR_SET_NAME, "zabsim-worker");  // For ps and top.
  if (options.memory > 0) {
    const rlim_t bytes = rlim_t{options.memory} << 20;
    const rlimit limit{bytes, bytes};
    ::setrlimit(RLIMIT_AS, &limit);
  }
  auto manifest = ReadManifest(options.manifest);
  if (!manifest.ok()) return Fail(manifest.status());
  const auto servers = FindPeer(peers, manifest->peer);
  if (!servers.ok()) return Fail(servers.status());
  SweepWorker worker(*std::move(manifest), *servers);
  for (std::string request; std::getline(std::cin, request);) {
    const std::optional<SweepRun> run = RunOf(request);
    if (!run) return Fail(absl::InvalidArgumentError("wanted CELL REPEAT, found " + request));
    const auto answer = worker.Answer(*run);
    if (!answer.ok()) return Fail(answer.status());
    std::cout << *answer << std::endl;
  }
  return 0;
}

}  // namespace

Command SweepWorkerCommand(const Peers& peers) {
  const auto options = std::make_shared<SweepWorkerOptions>();
  Command command{
      .name = "sweep-worker", .description = "Makes runs for zabsim sweep", .hidden = true};
  command.Add("--manifest", &options->manifest, "manifest.json").Required();
  command.Add("--memory", &options->memory, "Limit, MiB");
  command.run = [options, &peers] { return Work(*options, peers); };
  return command;
}

}  // namespace zabsim
