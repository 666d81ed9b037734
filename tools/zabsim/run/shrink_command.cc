// zabsim shrink FILE: minimises a failing run, and writes it as a scenario.
#include <unistd.h>

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/strings/substitute.h"
#include "scenarios/runner/cluster/buggy_servers.h"
#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/run/run.h"
#include "scenarios/runner/shrink/shrink.h"
#include "scenarios/runner/verdict/result.h"
#include "tools/zabsim/campaign/choices_file.h"
#include "tools/zabsim/campaign/file_io.h"
#include "tools/zabsim/campaign/small_case.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/interrupt.h"
#include "tools/zabsim/cli/language_option.h"
#include "tools/zabsim/cli/report.h"
#include "tools/zabsim/cli/seed_option.h"
#include "tools/zabsim/cli/terminal_text.h"
#include "tools/zabsim/cli/words.h"
#include "tools/zabsim/run/commands.h"
#include "tools/zabsim/trace/run_files.h"

namespace zabsim {
namespace {

struct ShrinkCommandOptions {
  std::string file, seed, out, peer;
  std::vector<std::string> overrides;
  uint64_t budget = 2000;
  bool quiet = false, json = false;
  std::string language = "en";
};

/// "name-17.json" in the current folder.
std::string DefaultOut(const std::string& file, uint64_t seed) {
  const size_t slash = file.rfind('/');
  const std::string name = slash == std::string::npos ? file : file.substr(slash + 1);
  return absl::StrCat(std::string(absl::StripSuffix(name, ".json")), "-", seed, ".json");
}

/// On a terminal: the number of runs so far.
void ShowProgress(uint64_t replays, uint64_t budget) {
  constexpr uint64_t kEvery = 20;
  if (replays % kEvery != 0 || !IsTerminal(STDERR_FILENO)) return;
  std::cerr << "\r\033[K" << Grouped(replays) << "/" << Grouped(budget) << std::flush;
}

void ClearShrinkProgress() {
  if (IsTerminal(STDERR_FILENO)) std::cerr << "\r\033[K" << std::flush;
}

void Tell(const scenario::Shrunk& shrunk, const std::string& out, Language language) {
  const bool chinese = language == Language::kChinese;
  std::cout << In(language, shrunk.story) << "\n\n"
            << absl::Substitute(chinese ? "$0：$1 台服务器，$2 个故障，$3 个操作，重放 $4 次\n"
                                        : "$0: $1 servers, $2 faults, $3 operations, $4 replays\n",
                                out, shrunk.servers, shrunk.faults, shrunk.operations,
                                Grouped(shrunk.replays))
            << "  " << shrunk.signature << "\n";
  if (shrunk.written != scenario::Written::kAll) {
    std::cout << (chinese ? "  随机故障或负载未能全部写成明确的事件，文件里仍保留其中一部分\n"
                          : "  not all random faults and requests could be written out: the file "
                            "keeps some of them random\n");
  }
  std::cout << (chinese ? "  重现：" : "  reproduce: ") << "zabsim run " << Shell(out) << "\n";
}

void TellJson(const scenario::Shrunk& shrunk) {
  std::cout << ToJson(SmallCase{.servers = shrunk.servers,
                                .faults = shrunk.faults,
                                .operations = shrunk.operations,
                                .replays = shrunk.replays,
                                .story = shrunk.story})
            << std::endl;
}

std::string BugIdOf(const scenario::Scenario& scenario) {
  return scenario.known_bug ? scenario.known_bug->id : "";
}

/// The trace and the choice log of the file, beside it.
absl::Status WriteRun(const std::string& path, const std::string& peer,
                      const scenario::ServerFactory& servers) {
  const auto document = scenario::Document::Load(path);
  if (!document.ok()) return document.status();
  const uint64_t seed = document->scenario().run.seeds[0];
  const RunPaths paths{.trace = absl::StrCat(absl::StripSuffix(path, ".json"), ".trace"),
                       .choices = ChoicesBeside(path)};
  const Stopwatch watch;
  RunFiles files(paths, *document, seed);
  const auto scenario = document->Instantiate({seed, files.draws()});
  if (!scenario.ok()) return scenario.status();
  if (absl::Status status = files.Open({.bug = BugIdOf(*scenario), .peer = peer}); !status.ok())
    return status;
  const scenario::RunResult result =
      RunOnce(*scenario, seed,
              {.sink = [&](const scenario::Record& record) { files.OnRecord(record); },
               .servers = WithBugOf(*scenario, servers),
               .draws = files.draws()});
  return files.Close(result, *scenario, watch.Host(result.events));
}

absl::Status Write(const std::string& text, const std::string& path, const std::string& peer,
                   const scenario::ServerFactory& servers) {
  if (ReplaceFile(path, text).ok()) return WriteRun(path, peer, servers);
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": cannot be written; --out needs a file in a folder that exists"));
}

int ShrinkFile(const ShrinkCommandOptions& options, const Peers& peers) {
  const auto servers = FindPeer(peers, options.peer);
  if (!servers.ok()) return Fail(servers.status());
  const auto document = scenario::Document::Load(ScenarioPath(options.file), options.overrides);
  if (!document.ok()) return Fail(document.status());
  const absl::StatusOr<uint64_t> seed = OneSeed(options.seed, document->scenario().run.seeds);
  if (!seed.ok()) return Fail(seed.status());
  CatchInterrupts();
  const auto shrunk = Shrink(*document, *seed,
                             {.budget = options.budget,
                              .servers = *servers,
                              .progress =
                                  [&](uint64_t replays) {
                                    if (!options.quiet) ShowProgress(replays, options.budget);
                                    return !Interrupted();
                                  },
                              .stop = StopWishOfProcess});
  ClearShrinkProgress();
  if (!shrunk.ok()) {
    const int usage = Fail(absl::Status(
        shrunk.status().code(), absl::StrCat(options.file, ": ", shrunk.status().message())));
    if (Interrupted()) return kExitInterrupted;
    const bool holds = shrunk.status().code() == absl::StatusCode::kFailedPrecondition;
    return holds ? scenario::ExitCodeOf(scenario::RunVerdict::kUnmet) : usage;
  }
  const std::string out = options.out.empty() ? DefaultOut(options.file, *seed) : options.out;
  if (const absl::Status status = Write(shrunk->text, out, options.peer, *servers); !status.ok())
    return Fail(status);
  if (options.json) {
    TellJson(*shrunk);
  } else if (!options.quiet) {
    Tell(*shrunk, out, LanguageOf(options.language));
  }
  return Interrupted() ? kExitInterrupted : 0;
}

}  // namespace

int HelpShrink() {
  std::cout << R"(zabsim shrink FILE [--seed=N] [--out=FILE] [--budget=N] [--set=/pointer=value]
Takes a run that fails (exit code 10, 11 or 13) and minimises it: it writes a scenario file that
fails in the same way with `zabsim run`: the same invariant, at the same kind of moment.  Random
faults become events with times and names, generated requests become a script, and then everything
that the failure does not need is removed: what comes after it, servers above three, clients,
requests, faults, settings, randomness, odd times.  The budget is in runs, not seconds (--budget,
2000): the same file and seed give the same result.  For a missed deadline, only what comes before
quiet is reduced; the deadline is doubled where the run misses that too, so that a slow run is not
taken for a stuck one.  The title and `doc` of the file describe the failure.  Without --out it is
NAME-SEED.json, here.  Its trace and its choice log are written beside it, as .trace and .choices.
Exit codes: 0 written; 13 the run does not fail, nothing is written; 2 usage or bad scenario;
130 Ctrl-C, and the smallest so far, if there is one, is written.
)";
  return 0;
}

Command ShrinkCommand(const Peers& peers) {
  const auto options = std::make_shared<ShrinkCommandOptions>();
  Command command{"shrink", "Minimise a failing run, as a scenario of its own"};
  command.examples = {
      R"(zabsim shrink ci/swarm '--set=/expect/never=[{"on":"quorum_lost"}]' --out=small.json)",
  };
  command.Add("FILE", &options->file, "Scenario file").Required();
  command.Add("--seed", &options->seed, "The seed that fails (the first of the file)");
  command.Add("--out", &options->out, "Write it here (NAME-SEED.json, in this folder)");
  command.Add("--budget", &options->budget, "Maximum number of runs")
      .Within(1, 1'000'000'000)
      .ShowDefault();
  AddOverrides(command, options->overrides);
  command.Add("--json", &options->json, "Print the minimised case as one line of JSON");
  command.Add("--quiet", &options->quiet, "Print nothing on success");
  AddLanguage(command, options->language);
  AddPeer(command, options->peer, peers);
  command.run = [options, &peers] { return ShrinkFile(*options, peers); };
  return command;
}

}  // namespace zabsim
