// zabsim replay DIR_OR_FILE: repeats a finding by itself, and says whether it still fails in the
// same way; or repeats the run of a trace, and says where it first differs.
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "scenarios/runner/cluster/buggy_servers.h"
#include "scenarios/runner/parse/document.h"
#include "scenarios/runner/run/run.h"
#include "scenarios/runner/search/choice_log.h"
#include "scenarios/runner/search/explored_run.h"
#include "scenarios/runner/search/signature.h"
#include "tools/zabsim/campaign/choices_file.h"
#include "tools/zabsim/campaign/file_io.h"
#include "tools/zabsim/cli/command.h"
#include "tools/zabsim/cli/language_option.h"
#include "tools/zabsim/cli/timeline.h"
#include "tools/zabsim/cli/words.h"
#include "tools/zabsim/fuzz/commands.h"
#include "tools/zabsim/trace/replay_trace.h"
#include "tools/zabsim/trace/trace_file.h"

namespace zabsim {
namespace {

namespace fs = std::filesystem;

struct ReplayOptions {
  std::string path, peer, language = "en";
  bool quiet = false, whole = false, tolerant = false;
};

/// What to run, and the expected signature if it is known.
struct Replayed {
  std::string file;
  std::string signature;
};

absl::StatusOr<Replayed> Resolve(const ReplayOptions& options) {
  if (!fs::is_directory(options.path)) return Replayed{options.path, ""};
  Replayed replayed{options.path + "/minimal.json", ""};
  if (options.whole || !fs::exists(replayed.file)) replayed.file = options.path + "/scenario.json";
  if (!fs::exists(replayed.file)) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.path,
                     ": has no scenario.json; wanted a folder of DIR/findings, as zabsim fuzz "
                     "--out=DIR makes them, or a scenario file"));
  }
  const auto text = ReadWholeFile(options.path + "/finding.json");
  if (text.ok()) {
    const auto json = nlohmann::json::parse(*text, nullptr, false);
    if (json.is_object()) replayed.signature = json.value("signature", "");
  }
  return replayed;
}

/// The choice log beside the file, if there is one that can be used.  Unless tolerant, it must be
/// of exactly this scenario and of this version of the streams.
absl::StatusOr<std::optional<scenario::ChoiceLog>> ChoicesOf(const std::string& file, bool tolerant,
                                                             const scenario::Document& document) {
  auto log = ReadChoicesBeside(file);
  if (!log.ok() || !*log || tolerant) return log;
  const std::string path = ChoicesBeside(file);
  if ((*log)->IsStale()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ":1: stale: recorded under version ",
                                                   (*log)->streams, " of the streams, and this is ",
                                                   zab::kStreamsVersion,
                                                   "; --tolerant replays what still fits"));
  }
  if ((*log)->digest != document.digest()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ":1: recorded for the scenario with digest ", (*log)->digest, ", and ",
                     file, " has ", document.digest(), "; --tolerant replays what still fits"));
  }
  return log;
}

/// How the run differs from the one that the log was recorded from; empty if it does not.
std::string DifferenceFrom(const scenario::ChoiceLog& log, const scenario::ChoiceReplayer& replayer,
                           const scenario::RunResult& result) {
  if (replayer.missing() > 0) {
    return absl::StrCat("it draws what was not recorded: first ", replayer.first_missing());
  }
  if (result.trace_hash == log.trace_hash) return "";
  return absl::StrCat("with the same draws its trace hash was ", ToString(log.trace_hash));
}

/// Reports how much of the log was used; the exit code of a replay that should have been the same
/// and is not.
int CompareWithLog(const scenario::ChoiceLog& log, const scenario::ChoiceReplayer& replayer,
                   const scenario::RunResult& result, bool tolerant) {
  if (tolerant) {
    std::cout << "  choices: " << Grouped(replayer.replayed()) << " as recorded, "
              << Grouped(replayer.missing()) << " by the seed\n";
    return 0;
  }
  const std::string difference = DifferenceFrom(log, replayer, result);
  if (difference.empty()) {
    std::cout << "  choices: all " << Grouped(replayer.replayed())
              << " as recorded, and the trace is the same\n";
    return 0;
  }
  std::cout
      << "  differs from what was recorded: " << difference
      << "\n  after a change of the code that is no wonder: --tolerant replays what still fits\n";
  return ExitCodeOf(scenario::RunVerdict::kNotDeterministic);
}

int Replay(const ReplayOptions& options, const Peers& peers) {
  if (IsTrace(options.path)) {
    return ReplayTrace(options.path, LanguageOf(options.language), options.quiet, peers);
  }
  const absl::StatusOr<Replayed> replayed = Resolve(options);
  if (!replayed.ok()) return Fail(replayed.status());
  const auto servers = FindPeer(peers, options.peer);
  if (!servers.ok()) return Fail(servers.status());
  const auto document = scenario::Document::Load(replayed->file);
  if (!document.ok()) return Fail(document.status());
  const auto choices = ChoicesOf(replayed->file, options.tolerant, *document);
  if (!choices.ok()) return Fail(choices.status());
  std::optional<scenario::ChoiceReplayer> replayer;
  if (*choices) replayer.emplace(**choices);
  const uint64_t seed = *choices ? (*choices)->seed : document->scenario().run.seeds[0];
  zab::DrawWatch* draws = replayer ? &*replayer : nullptr;
  const auto scenario = document->Instantiate({seed, draws});
  if (!scenario.ok()) return Fail(scenario.status());
  Timeline timeline(*scenario, LanguageOf(options.language), false);
  const auto tell = [&](const scenario::Record& record) {
    if (options.quiet) return;
    if (const auto line = timeline.Line(record)) std::cout << *line << "\n";
  };
  const scenario::RunResult result = scenario::RunOnce(
      *scenario, seed, {.sink = tell, .servers = WithBugOf(*scenario, *servers), .draws = draws});
  const std::string signature = SignatureOf(result, *scenario);
  std::cout << replayed->file << ": " << Name(result.verdict) << ", trace hash "
            << ToString(result.trace_hash) << "\n";
  if (!signature.empty()) {
    std::cout << "  " << FirstFailure(result, *scenario) << "\n";
  }
  if (!replayed->signature.empty() && signature != replayed->signature) {
    std::cout << "  it was found as: " << replayed->signature
              << "\n  now it is:       " << (signature.empty() ? "held" : signature) << "\n";
  }
  const int code = ExitCodeOf(result.verdict);
  if (!replayer) return code;
  return scenario::WorseExitCode(code,
                                 CompareWithLog(**choices, *replayer, result, options.tolerant));
}

}  // namespace

Command ReplayCommand(const Peers& peers) {
  const auto options = std::make_shared<ReplayOptions>();
  Command command{"replay", "Repeat a finding of zabsim fuzz, or the run of a trace"};
  command.examples = {
      "zabsim replay fuzz-out/findings/NAME",
      "zabsim replay fuzz-out/findings/NAME --whole --tolerant",
  };
  command.Add("DIR_OR_FILE", &options->path, "A folder of findings, a scenario file, or a trace")
      .Required();
  command.Add("--whole", &options->whole, "Of a finding: the run as found, not the minimised one");
  command.Add("--tolerant", &options->tolerant,
              "Use whatever fits of the choice log, after changes of the code");
  command.Add("--quiet", &options->quiet, "Show the verdict only");
  AddLanguage(command, options->language);
  AddPeer(command, options->peer, peers);
  command.run = [options, &peers] { return Replay(*options, peers); };
  return command;
}

}  // namespace zabsim
