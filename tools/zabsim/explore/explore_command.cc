// zabsim explore FILE: visits every state of a bounded world.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "scenarios/runner/explore/certificate.h"
#include "scenarios/runner/language/bugs.h"
#include "scenarios/runner/parse/document.h"
#include "tools/zabsim/cli/bug_option.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/interrupt.h"
#include "tools/zabsim/cli/terminal_text.h"
#include "tools/zabsim/cli/version.h"
#include "tools/zabsim/explore/commands.h"

namespace zabsim {
namespace {

namespace explore = scenario::explore;

constexpr int kExitViolation = 10;
constexpr int kExitNotCaught = 13;
constexpr int kExitUnknown = 15;

struct ExploreOptions {
  std::string file, bug, certificate;
  std::vector<std::string> overrides;
  bool json = false, quiet = false;
};

struct Used {
  double cpu_seconds = 0;
  double gigabytes = 0;  // At the peak.
};

Used UsedSoFar() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return {seconds(usage.ru_utime) + seconds(usage.ru_stime),
          static_cast<double>(usage.ru_maxrss) / (1 << 20)};
}

/// One line on a terminal, written over again and again.
class Live {
 public:
  explicit Live(bool quiet) : shows_(!quiet && IsTerminal(STDERR_FILENO)) {}
  ~Live() {
    if (shown_) std::fputs("\r\033[K", stderr);
  }
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  bool Show(const explore::Progress& progress) {
    if (shows_ && ++calls_ % kEvery == 0) {
      const Used used = UsedSoFar();
      std::fputs(absl::StrFormat("\r\033[K%d states, depth %d, %.0f states/s, queue %d, %.2f GB",
                                 progress.states, progress.depth,
                                 static_cast<double>(progress.states) / used.cpu_seconds,
                                 progress.queued, used.gigabytes)
                     .c_str(),
                 stderr);
      shown_ = true;
    }
    return !Interrupted();
  }

 private:
  static constexpr uint64_t kEvery = 16;

  bool shows_;
  bool shown_ = false;
  uint64_t calls_ = 0;
};

/// The scenario to explore, with --bug switched on.
absl::StatusOr<scenario::Scenario> ReadScenario(const ExploreOptions& options) {
  std::vector<std::string> overrides = options.overrides;
  if (!options.bug.empty()) {
    const auto bug = BugNamed("--bug", options.bug);
    if (!bug.ok()) return bug.status();
    overrides.push_back(SettingOf(**bug));
  }
  auto document = scenario::Document::Load(ScenarioPath(options.file), overrides);
  if (!document.ok()) return document.status();
  if (!document->scenario().explore) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.file, ": wanted a key \"explore\", found none"));
  }
  return document->scenario();
}

int ExitCode(const explore::Findings& findings) {
  const explore::Explored& explored = findings.explored;
  const auto& bug = findings.scenario.known_bug;
  if (explored.ended == explore::Ended::kInterrupted) return kExitInterrupted;
  if (explored.counterexample) return bug ? 0 : kExitViolation;
  if (!IsCertificate(findings)) return kExitUnknown;
  return bug ? kExitNotCaught : 0;
}

int Explore(const ExploreOptions& options) {
  const auto read = ReadScenario(options);
  if (!read.ok()) return Fail(read.status());
  CatchInterrupts();
  explore::Engine engine(*read);
  explore::Explored explored;
  {
    Live live(options.quiet);
    explored = ExploreAll(*read, engine,
                          [&](const explore::Progress& progress) { return live.Show(progress); });
  }
  const Used used = UsedSoFar();
  const auto sizes = engine.sizes();
  const explore::Findings findings{*read, explored, sizes, engine.RunAudit(),
                                   absl::StrCat(BuildText(), ", commit ", CommitText())};
  const std::string json = PrettyJson(ToValue(findings));
  if (!options.certificate.empty()) {
    std::ofstream file(options.certificate);
    file << json << std::flush;
    if (!file) {
      return Fail(absl::ResourceExhaustedError(
          absl::StrCat(options.certificate, ": could not be written")));
    }
  }
  std::cout << (options.json ? json : ToText(findings));
  if (!options.quiet) {
    const double seconds = std::max(used.cpu_seconds, 0.01);
    std::cerr << absl::StrFormat("%.1f CPU s, %.0f states/s, peak %.2f GB\n", used.cpu_seconds,
                                 static_cast<double>(explored.reached.states) / seconds,
                                 used.gigabytes);
  }
  return ExitCode(findings);
}

}  // namespace

Command ExploreCommand() {
  const auto options = std::make_shared<ExploreOptions>();
  Command command{"explore", "Visit every state of a bounded world, and certify what holds in it"};
  command.examples = {
      "zabsim explore scenarios/explore/one-write-one-crash.json",
      "zabsim explore explore/one-write-one-crash --bug=ZOOKEEPER-4394",
      "zabsim explore explore/one-write-one-crash --json --certificate=certificate.json",
  };
  command.Add("FILE", &options->file, "A scenario file with the key \"explore\"").Required();
  AddOverrides(command, options->overrides);
  command.Add("--bug", &options->bug, "Switch this known bug on, and show a shortest path to it");
  command.Add("--certificate", &options->certificate, "Write the certificate as JSON to this file");
  command.Add("--json", &options->json, "Print the certificate as JSON");
  command.Add("-q,--quiet", &options->quiet, "No progress and no figures of the machine");
  command.run = [options] { return Explore(*options); };
  return command;
}

}  // namespace zabsim
