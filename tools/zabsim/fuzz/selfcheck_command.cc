// zabsim selfcheck FILE...: every seed twice, in fresh processes.  If they differ, both are
// repeated with all their records, and the first record that differs is shown from both.
#include <poll.h>

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/cluster/buggy_servers.h"
#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/run/run.h"
#include "scenarios/runner/verdict/result.h"
#include "tools/zabsim/campaign/child.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/interrupt.h"
#include "tools/zabsim/cli/seed_option.h"
#include "tools/zabsim/cli/words.h"
#include "tools/zabsim/fuzz/commands.h"

namespace zabsim {
namespace {

struct SelfcheckOptions {
  std::vector<std::string> files;
  std::string seeds, peer;
  std::string seed;      // Of --hash and --records.
  bool hash = false;     // Print the one run's hash: what the two processes do.
  bool records = false;  // Print its records too.
  bool quiet = false;
};

/// All lines that a process prints, its records and at last its hash.
absl::StatusOr<std::vector<std::string>> LinesOf(const std::vector<std::string>& arguments) {
  Child child;
  if (absl::Status status = child.Spawn(arguments); !status.ok()) return status;
  child.CloseInput();
  std::vector<std::string> lines;
  for (bool running = true; running;) {
    std::vector<pollfd> waiting;
    child.AddTo(waiting);
    ::poll(waiting.data(), waiting.size(), 100);
    running = child.Read();
    while (auto line = child.TakeLine()) lines.push_back(*std::move(line));
    if (Interrupted()) return absl::CancelledError("interrupted");
  }
  if (child.EndedWell()) return lines;
  return absl::InternalError(
      absl::StrCat("the run ended with ", child.ending(), ":\n", child.errors()));
}

std::vector<std::string> ArgumentsOf(const SelfcheckOptions& options, const std::string& file,
                                     uint64_t seed, bool records) {
  std::vector<std::string> words = {"selfcheck", file, absl::StrCat("--seed=", seed)};
  words.push_back(records ? "--records" : "--hash");
  if (!options.peer.empty()) words.push_back("--peer=" + options.peer);
  return words;
}

/// Makes one run here and prints it.
int PrintRun(const SelfcheckOptions& options, bool records, const Peers& peers) {
  const auto servers = FindPeer(peers, options.peer);
  if (!servers.ok()) return Fail(servers.status());
  const auto document = scenario::Document::Load(options.files[0]);
  if (!document.ok()) return Fail(document.status());
  const auto seed = SeedOption(options.seed);
  if (!seed.ok()) return Fail(seed.status());
  const auto scenario = document->Instantiate(*seed);
  if (!scenario.ok()) return Fail(scenario.status());
  scenario::RunOptions run{.keep_going = true, .servers = WithBugOf(*scenario, *servers)};
  if (records) {
    run.sink = [](const scenario::Record& record) { std::cout << ToString(record) << "\n"; };
  }
  const scenario::RunResult result = scenario::RunOnce(*scenario, *seed, run);
  std::cout << "hash " << ToString(result.trace_hash) << " of " << result.records << " records"
            << std::endl;
  return 0;
}

/// Shows where two runs diverge.
void ShowDifference(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  size_t same = 0;
  while (same < a.size() && same < b.size() && a[same] == b[same]) ++same;
  if (same == a.size() && same == b.size()) {
    std::cout << "  the two agree when repeated with their records: the difference is not "
                 "reproduced every time\n";
    return;
  }
  std::cout << "  the first " << Grouped(same) << " records agree; then\n    "
            << (same < a.size() ? a[same] : "(the end)") << "\n    "
            << (same < b.size() ? b[same] : "(the end)") << "\n";
}

absl::StatusOr<bool> IsSame(const SelfcheckOptions& options, const std::string& file,
                            uint64_t seed) {
  const auto first = LinesOf(ArgumentsOf(options, file, seed, false));
  if (!first.ok()) return first.status();
  const auto second = LinesOf(ArgumentsOf(options, file, seed, false));
  if (!second.ok()) return second.status();
  if (*first == *second) return true;
  std::cout << file << ", seed " << seed << ": two runs differ: " << first->back() << ", "
            << second->back() << "\n";
  const auto a = LinesOf(ArgumentsOf(options, file, seed, true));
  const auto b = LinesOf(ArgumentsOf(options, file, seed, true));
  if (!a.ok()) return a.status();
  if (!b.ok()) return b.status();
  ShowDifference(*a, *b);
  return false;
}

int Selfcheck(const SelfcheckOptions& options) {
  int code = 0;
  uint64_t runs = 0;
  CatchInterrupts();
  for (const std::string& file : options.files) {
    const auto document = scenario::Document::Load(file);
    if (!document.ok()) return Fail(document.status());
    const auto chosen = options.seeds.empty() ? ResolveSeeds(document->scenario().run.seeds)
                                              : SeedsOption(options.seeds);
    if (!chosen.ok()) return Fail(chosen.status());
    const scenario::Seeds& seeds = *chosen;
    for (uint64_t i = 0; i < seeds.size(); ++i, ++runs) {
      const absl::StatusOr<bool> same = IsSame(options, file, seeds[i]);
      if (Interrupted()) return kExitInterrupted;
      if (!same.ok()) {
        std::cerr << file << ", seed " << seeds[i] << ": " << same.status().message() << "\n";
        return kExitOwnBug;
      }
      if (!*same) code = ExitCodeOf(scenario::RunVerdict::kNotDeterministic);
    }
  }
  if (!options.quiet || code != 0) {
    std::cout << Grouped(runs) << " runs, each executed twice in fresh processes: "
              << (code == 0 ? "the same" : "NOT the same") << "\n";
  }
  return code;
}

}  // namespace

Command SelfcheckCommand(const Peers& peers) {
  const auto options = std::make_shared<SelfcheckOptions>();
  Command command{"selfcheck", "Run every seed twice, in fresh processes, and compare"};
  command.examples = {
      "zabsim selfcheck scenarios/leader-crash.json",
  };
  command.Add("FILE", &options->files, "Scenario files").Required();
  command.Add("--seeds", &options->seeds, "A..B: these seeds (those of the file)");
  command.Add("--quiet", &options->quiet, "Show differences only");
  AddPeer(command, options->peer, peers);
  // What the two processes are started with.
  command.Add("--seed", &options->seed, "").Hidden();
  command.Add("--hash", &options->hash, "").Hidden();
  command.Add("--records", &options->records, "").Hidden();
  command.run = [options, &peers] {
    if (options->hash || options->records) return PrintRun(*options, options->records, peers);
    return Selfcheck(*options);
  };
  return command;
}

}  // namespace zabsim
